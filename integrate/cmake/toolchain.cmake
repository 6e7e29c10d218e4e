# A toolchain for projects that are BPF alone: C is compiled by bpfcc, and what
# add_executable() makes is a linked object, NAME.o.
#
#   cmake --toolchain PREFIX/lib/cmake/bpfcc/toolchain.cmake -DBPFCC_ARCH=arm64
#
# BPFCC_ARCH is the machine in any usual spelling (default: this one), BPFCC_MKERNEL
# the kernels, separated by commas.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR bpf)

find_program(BPFCC_EXECUTABLE bpfcc HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin
             ${CMAKE_CURRENT_LIST_DIR}/../../../../bin REQUIRED)
set(CMAKE_C_COMPILER ${BPFCC_EXECUTABLE})
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BPFCC_ARCH BPFCC_MKERNEL)

if(NOT BPFCC_ARCH)
  set(BPFCC_ARCH ${CMAKE_HOST_SYSTEM_PROCESSOR})
endif()
set(CMAKE_C_FLAGS_INIT "--arch=${BPFCC_ARCH}")
if(BPFCC_MKERNEL)
  string(APPEND CMAKE_C_FLAGS_INIT " -mkernel=${BPFCC_MKERNEL}")
endif()
set(CMAKE_C_FLAGS_DEBUG_INIT "-g")
set(CMAKE_C_FLAGS_RELEASE_INIT "-O2")

set(CMAKE_EXECUTABLE_SUFFIX_C .o)
set(CMAKE_DEPFILE_FLAGS_C "-MMD -MT <DEP_TARGET> -MF <DEP_FILE>")
set(CMAKE_C_LINK_EXECUTABLE "<CMAKE_C_COMPILER> <LINK_FLAGS> <OBJECTS> -o <TARGET> <LINK_LIBRARIES>")
