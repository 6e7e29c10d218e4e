# BPF is a language of CMake here, so that dependencies on headers, the compile
# database, include folders and parallel builds are CMake's own.
#
#   bpfcc_add_object(NAME
#     SOURCES a.bpf.c b.bpf.c...    one object is linked of them
#     [LIBS target|file...]         archives and objects that it is linked with
#     [INCLUDES folder...] [DEFINES X=1...] [OPTIONS -Wall...]
#     [MKERNEL 5.15 6.1...]         the kernels that it must suit
#     [ARCH arm64]                  the machine; default: what CMAKE_SYSTEM_PROCESSOR says
#     [GC]                          leave out what no program reaches
#     [SKELETON] [SUBSKELETON] [LIGHT_SKELETON] [SKELETON_NAME name]
#     [INSTALL] [INSTALL_DESTINATION folder])
#
# makes the target NAME, whose file is NAME.bpf.o. With SKELETON there is a target
# NAME_skel: who links it can include NAME.skel.h (NAME.subskel.h, NAME.lskel.h).
#
#   bpfcc_add_library(NAME SOURCES... [INCLUDES] [DEFINES] [OPTIONS] [MKERNEL] [ARCH])
#
# makes an archive libNAME.a of BPF objects, for LIBS.

if(NOT CMAKE_VERSION VERSION_GREATER_EQUAL 3.20)
  message(FATAL_ERROR "bpfcc_add_object() needs CMake 3.20")
endif()

list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
enable_language(BPF)

# What a target says; what the folder says to all its targets is for the host.
macro(_bpfcc_target_properties NAME)
  # In words that clang takes too: clangd and clang-tidy read the compile database.
  bpfcc_target_arch(FLAGS TARGET_ARCH ${ARG_ARCH})
  if(ARG_MKERNEL)
    string(REPLACE ";" "," KERNELS "${ARG_MKERNEL}")
    list(APPEND FLAGS -fplugin-arg-bpfcc-mkernel=${KERNELS})
  endif()
  set_source_files_properties(${ARG_SOURCES} PROPERTIES LANGUAGE BPF)
  set_target_properties(
    ${NAME} PROPERTIES LINKER_LANGUAGE BPF COMPILE_OPTIONS "" COMPILE_DEFINITIONS ""
                       INCLUDE_DIRECTORIES "" LINK_OPTIONS "" LINK_LIBRARIES ""
                       INTERPROCEDURAL_OPTIMIZATION OFF)
  # Headers in the box, as files for editors: bpfcc finds its own before them.
  set(AFTER)
  foreach(FOLDER include asm/${TARGET_ARCH} vmlinux/${TARGET_ARCH})
    if(IS_DIRECTORY ${BPFCC_HEADERS}/${FOLDER})
      list(APPEND AFTER "SHELL:-idirafter ${BPFCC_HEADERS}/${FOLDER}")
    endif()
  endforeach()
  target_compile_options(${NAME} PRIVATE ${FLAGS} ${ARG_OPTIONS} ${AFTER})
  target_compile_definitions(${NAME} PRIVATE ${ARG_DEFINES})
  target_include_directories(${NAME} PRIVATE ${ARG_INCLUDES})
endmacro()

# What clang calls the target for the machine ARCH, in any usual spelling, and the
# name that __TARGET_ARCH_* and the folders of headers give it.
function(bpfcc_target_arch FLAGS_OUT NAME_OUT ARCH)
  if(NOT DEFINED CACHE{BPFCC_TARGET_ARCH_${ARCH}})
    execute_process(COMMAND ${CMAKE_BPF_COMPILER} --arch=${ARCH} -dM -E -x c /dev/null
                    OUTPUT_VARIABLE MACROS ERROR_VARIABLE WHY RESULT_VARIABLE RESULT)
    if(NOT RESULT EQUAL 0 OR NOT MACROS MATCHES "#define __TARGET_ARCH_([a-z0-9]+) ")
      message(FATAL_ERROR "bpfcc knows no machine ${ARCH}\n${WHY}")
    endif()
    set(NAME ${CMAKE_MATCH_1})
    set(TARGET bpfel)
    if(MACROS MATCHES "#define __BYTE_ORDER__ __ORDER_BIG_ENDIAN__")
      set(TARGET bpfeb)
    endif()
    set(BPFCC_TARGET_ARCH_${ARCH} ${NAME} CACHE INTERNAL "")
    set(BPFCC_TARGET_${ARCH} ${TARGET} CACHE INTERNAL "")
  endif()
  set(${NAME_OUT} ${BPFCC_TARGET_ARCH_${ARCH}} PARENT_SCOPE)
  set(${FLAGS_OUT} --target=${BPFCC_TARGET_${ARCH}}
                   -D__TARGET_ARCH_${BPFCC_TARGET_ARCH_${ARCH}} PARENT_SCOPE)
endfunction()

macro(_bpfcc_parse)
  cmake_parse_arguments(
    ARG "GC;SKELETON;SUBSKELETON;LIGHT_SKELETON;INSTALL"
    "ARCH;SKELETON_NAME;INSTALL_DESTINATION"
    "SOURCES;LIBS;INCLUDES;DEFINES;OPTIONS;MKERNEL" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${CMAKE_CURRENT_FUNCTION}(${NAME}): unknown words: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "${CMAKE_CURRENT_FUNCTION}(${NAME}) needs SOURCES")
  endif()
  if(NOT ARG_ARCH)
    set(ARG_ARCH ${CMAKE_SYSTEM_PROCESSOR})
  endif()
endmacro()

function(bpfcc_add_library NAME)
  _bpfcc_parse(${ARGN})
  add_library(${NAME} STATIC ${ARG_SOURCES})
  _bpfcc_target_properties(${NAME})
endfunction()

# FILE below the build folder, which `bpfcc gen KIND` makes of the object.
function(_bpfcc_generate NAME KIND FILE)
  set(WORDS gen ${KIND} $<TARGET_FILE:${NAME}>)
  if(ARG_SKELETON_NAME)
    list(APPEND WORDS name ${ARG_SKELETON_NAME})
  endif()
  set(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${FILE})
  add_custom_command(
    OUTPUT ${OUTPUT}
    COMMAND ${CMAKE_BPF_COMPILER} ${WORDS} ${ARGN} -o ${OUTPUT}
    DEPENDS ${NAME}
    COMMENT "Generating ${FILE}"
    VERBATIM)
  set(HEADERS ${HEADERS} ${OUTPUT} PARENT_SCOPE)
endfunction()

function(bpfcc_add_object NAME)
  _bpfcc_parse(${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  _bpfcc_target_properties(${NAME})
  set_target_properties(${NAME} PROPERTIES OUTPUT_NAME ${NAME} SUFFIX .bpf.o)
  target_link_libraries(${NAME} PRIVATE ${ARG_LIBS})
  # Archives are files of their own to CMake, and not looked into again.
  if(ARG_GC)
    target_link_options(${NAME} PRIVATE --gc-sections)
  endif()

  set(HEADERS)
  if(ARG_SKELETON)
    _bpfcc_generate(${NAME} skeleton ${NAME}.skel.h)
  endif()
  if(ARG_SUBSKELETON)
    _bpfcc_generate(${NAME} subskeleton ${NAME}.subskel.h)
  endif()
  if(ARG_LIGHT_SKELETON)
    _bpfcc_generate(${NAME} skeleton ${NAME}.lskel.h --light)
  endif()
  if(HEADERS)
    add_custom_target(${NAME}_headers DEPENDS ${HEADERS})
    add_library(${NAME}_skel INTERFACE)
    add_dependencies(${NAME}_skel ${NAME}_headers)
    target_include_directories(${NAME}_skel INTERFACE ${CMAKE_CURRENT_BINARY_DIR})
  endif()

  if(ARG_INSTALL_DESTINATION)
    install(FILES $<TARGET_FILE:${NAME}> DESTINATION ${ARG_INSTALL_DESTINATION})
  elseif(ARG_INSTALL)
    include(GNUInstallDirs)
    install(FILES $<TARGET_FILE:${NAME}> DESTINATION ${CMAKE_INSTALL_LIBDIR}/bpf)
  endif()
endfunction()
