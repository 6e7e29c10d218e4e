# bpfcc_embed_headers(TARGET): the headers in the box.
#
# Collects, at configure time, Debian's UAPI headers (linux-libc-dev), libbpf's
# program-side headers (libbpf-dev), clang's target-independent resource headers
# (libclang-common-22-dev) and, for each architecture of BPFCC_ARCHES, a
# vmlinux.h made from kernel BTF; packs them into one blob and links it into
# TARGET. No copy of them is kept in the source tree.
#
# Layout inside the pack: clang/ (resource headers), include/ (linux, asm-generic,
# bpf), asm/ARCH/asm/, vmlinux/ARCH/vmlinux.h; ARCH as in __TARGET_ARCH_x86.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

set(BPFCC_HOST_ARCH ${CMAKE_SYSTEM_PROCESSOR})
set(BPFCC_ARCHES "host" CACHE STRING
    "Architectures whose vmlinux.h is built in: host, x86_64, arm64, arm")

set(BPFCC_RESOURCE_HEADERS
    float.h __float_float.h __float_header_macro.h __float_infinity_nan.h
    inttypes.h iso646.h limits.h stdalign.h stdarg.h __stdarg___gnuc_va_list.h
    __stdarg___va_copy.h __stdarg_header_macro.h __stdarg_va_arg.h
    __stdarg_va_copy.h __stdarg_va_list.h stdatomic.h stdbool.h stdckdint.h
    stdcountof.h stddef.h __stddef_header_macro.h __stddef_max_align_t.h
    __stddef_null.h __stddef_nullptr_t.h __stddef_offsetof.h
    __stddef_ptrdiff_t.h __stddef_rsize_t.h __stddef_size_t.h
    __stddef_unreachable.h __stddef_wchar_t.h __stddef_wint_t.h stddefer.h
    stdint.h stdnoreturn.h)

set(BPFCC_LIBBPF_HEADERS
    bpf_core_read.h bpf_endian.h bpf_helper_defs.h bpf_helpers.h bpf_tracing.h
    usdt.bpf.h)

# The name that __TARGET_ARCH_* and Debian's multiarch folders give a machine.
function(bpfcc_arch_names MACHINE ARCH_VAR MULTIARCH_VAR)
  if(MACHINE MATCHES "^(x86_64|amd64)$")
    set(ARCH x86)
    set(MULTIARCH x86_64-linux-gnu)
  elseif(MACHINE MATCHES "^(aarch64|arm64)$")
    set(ARCH arm64)
    set(MULTIARCH aarch64-linux-gnu)
  elseif(MACHINE MATCHES "^arm")
    set(ARCH arm)
    set(MULTIARCH arm-linux-gnueabihf)
  else()
    message(FATAL_ERROR "no built-in headers for the architecture ${MACHINE}")
  endif()
  set(${ARCH_VAR} ${ARCH} PARENT_SCOPE)
  set(${MULTIARCH_VAR} ${MULTIARCH} PARENT_SCOPE)
endfunction()

function(bpfcc_embed_headers TARGET)
  bpfcc_arch_names(${BPFCC_HOST_ARCH} HOST_TARGET_ARCH MULTIARCH)
  set(LIST)
  set(INPUTS)

  set(RESOURCES ${LLVM_LIBRARY_DIR}/clang/${LLVM_VERSION_MAJOR}/include)
  foreach(NAME ${BPFCC_RESOURCE_HEADERS})
    if(NOT EXISTS ${RESOURCES}/${NAME})
      message(FATAL_ERROR "${RESOURCES}/${NAME} is missing (libclang-common-22-dev)")
    endif()
    string(APPEND LIST "clang/${NAME}\t${RESOURCES}/${NAME}\n")
    list(APPEND INPUTS ${RESOURCES}/${NAME})
  endforeach()

  file(GLOB_RECURSE UAPI RELATIVE /usr/include /usr/include/linux/*.h
       /usr/include/asm-generic/*.h)
  if(NOT UAPI)
    message(FATAL_ERROR "/usr/include/linux is missing (linux-libc-dev)")
  endif()
  foreach(NAME ${UAPI})
    string(APPEND LIST "include/${NAME}\t/usr/include/${NAME}\n")
    list(APPEND INPUTS /usr/include/${NAME})
  endforeach()
  foreach(NAME ${BPFCC_LIBBPF_HEADERS})
    if(NOT EXISTS /usr/include/bpf/${NAME})
      message(FATAL_ERROR "/usr/include/bpf/${NAME} is missing (libbpf-dev)")
    endif()
    string(APPEND LIST "include/bpf/${NAME}\t/usr/include/bpf/${NAME}\n")
    list(APPEND INPUTS /usr/include/bpf/${NAME})
  endforeach()
  # glibc's <gnu/stubs.h> asks for a file that only 32-bit systems have, because
  # no macro of the host's architecture is defined here.
  set(STUBS ${CMAKE_CURRENT_BINARY_DIR}/stubs-32.h)
  file(CONFIGURE OUTPUT ${STUBS} CONTENT "" @ONLY)
  string(APPEND LIST "include/gnu/stubs-32.h\t${STUBS}\n")

  file(GLOB ASM RELATIVE /usr/include/${MULTIARCH}
       /usr/include/${MULTIARCH}/asm/*.h)
  foreach(NAME ${ASM})
    string(APPEND LIST
           "asm/${HOST_TARGET_ARCH}/${NAME}\t/usr/include/${MULTIARCH}/${NAME}\n")
    list(APPEND INPUTS /usr/include/${MULTIARCH}/${NAME})
  endforeach()

  set(MAKE_VMLINUX ${CMAKE_SOURCE_DIR}/cmake/headers/make-vmlinux.py)
  foreach(MACHINE ${BPFCC_ARCHES})
    if(MACHINE STREQUAL host)
      set(MACHINE ${BPFCC_HOST_ARCH})
    endif()
    bpfcc_arch_names(${MACHINE} ARCH UNUSED)
    set(VMLINUX ${CMAKE_CURRENT_BINARY_DIR}/${ARCH}/vmlinux.h)
    add_custom_command(
      OUTPUT ${VMLINUX}
      COMMAND ${Python3_EXECUTABLE} ${MAKE_VMLINUX} --arch ${ARCH} --host
              ${HOST_TARGET_ARCH} --objcopy ${LLVM_TOOLS_BINARY_DIR}/llvm-objcopy
              --output ${VMLINUX}
      DEPENDS ${MAKE_VMLINUX}
      COMMENT "vmlinux.h for ${ARCH}"
      VERBATIM)
    string(APPEND LIST "vmlinux/${ARCH}/vmlinux.h\t${VMLINUX}\n")
    list(APPEND INPUTS ${VMLINUX})
  endforeach()

  set(LIST_FILE ${CMAKE_CURRENT_BINARY_DIR}/headers.list)
  set(HEADER_PACK ${CMAKE_CURRENT_BINARY_DIR}/headers.pack)
  file(CONFIGURE OUTPUT ${LIST_FILE} CONTENT "${LIST}" @ONLY)
  add_custom_command(
    OUTPUT ${HEADER_PACK}
    COMMAND pack-headers ${LIST_FILE} ${HEADER_PACK}
    DEPENDS pack-headers ${LIST_FILE} ${INPUTS}
    COMMENT "packing the built-in headers"
    VERBATIM)

  set(SOURCE ${CMAKE_CURRENT_BINARY_DIR}/BuiltinHeaders.cpp)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/BuiltinHeaders.cpp.in ${SOURCE} @ONLY)
  set_source_files_properties(${SOURCE} PROPERTIES OBJECT_DEPENDS ${HEADER_PACK})
  target_sources(${TARGET} PRIVATE ${SOURCE})

  # Of these headers, and of the libraries that are linked in.
  foreach(PACKAGE linux-libc-dev libbpf-dev libclang-common-${LLVM_VERSION_MAJOR}-dev
                  llvm-${LLVM_VERSION_MAJOR}-dev libelf-dev libpcap0.8-dev zlib1g-dev libzstd-dev)
    set(LICENCE /usr/share/doc/${PACKAGE}/copyright)
    if(EXISTS ${LICENCE})
      install(FILES ${LICENCE} DESTINATION share/doc/bpfcc
              RENAME copyright.${PACKAGE} COMPONENT compiler)
    endif()
  endforeach()
  install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION share/doc/bpfcc COMPONENT compiler)
endfunction()
