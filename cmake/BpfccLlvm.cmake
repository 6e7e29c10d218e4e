# Debian's LLVM 22, static. Targets defined here:
#   bpfcc_flags        compile flags that every part shares
#   bpfcc_llvm_support LLVM's support library alone
#   bpfcc_llvm_ir      IR, analysis, passes, object and DWARF readers
#   bpfcc_llvm_jit     this machine's code generator, and ORC
#   bpfcc_clang        the Clang front end in process
#   bpfcc_lld          lld as a library
find_package(LLVM 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/llvm)
find_package(Clang REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/clang)
find_package(GTest REQUIRED)

# Debian's Clang libraries ask for the shared libLLVM. Beside the static ones
# every symbol of LLVM would exist twice, and its BPF target would be there.
foreach(LIBRARY ${CLANG_EXPORTED_TARGETS})
  set(NEEDS)
  if(TARGET ${LIBRARY})
    get_target_property(NEEDS ${LIBRARY} INTERFACE_LINK_LIBRARIES)
  endif()
  if(NEEDS)
    list(REMOVE_ITEM NEEDS LLVM "$<LINK_ONLY:LLVM>")
    set_target_properties(${LIBRARY} PROPERTIES INTERFACE_LINK_LIBRARIES
                                                "${NEEDS}")
  endif()
endforeach()

add_library(bpfcc_flags INTERFACE)
target_include_directories(bpfcc_flags SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS}
                                                        ${CLANG_INCLUDE_DIRS})
target_compile_definitions(bpfcc_flags INTERFACE _GNU_SOURCE
                                                 __STDC_CONSTANT_MACROS
                                                 __STDC_FORMAT_MACROS
                                                 __STDC_LIMIT_MACROS)
target_compile_options(
  bpfcc_flags INTERFACE -Wall -Wextra -Wno-deprecated-declarations -Wno-unused-parameter
                        $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>
                        -ffunction-sections -fdata-sections)
target_link_options(bpfcc_flags INTERFACE -Wl,--gc-sections)

option(BPFCC_SANITIZE "Build with address and undefined-behaviour sanitizers" OFF)
if(BPFCC_SANITIZE)
  target_compile_options(
    bpfcc_flags INTERFACE -fsanitize=address,undefined -fno-sanitize=vptr
                          -fno-sanitize-recover=all -fno-omit-frame-pointer
          -fsanitize=fuzzer-no-link) # the targets of test/fuzz see what they reach
  target_link_options(bpfcc_flags INTERFACE -fsanitize=address,undefined)
endif()

function(bpfcc_llvm_group NAME)
  llvm_map_components_to_libnames(LIBS ${ARGN})
  add_library(${NAME} INTERFACE)
  target_link_libraries(${NAME} INTERFACE ${LIBS} bpfcc_flags)
endfunction()

bpfcc_llvm_group(bpfcc_llvm_support support targetparser)
bpfcc_llvm_group(bpfcc_llvm_object object debuginfodwarf support)
bpfcc_llvm_group(bpfcc_llvm_ir core analysis irreader transformutils passes
                 bitwriter support targetparser)
bpfcc_llvm_group(bpfcc_llvm_jit orcjit native passes core support targetparser)

llvm_map_components_to_libnames(
  CLANG_NEEDS
  passes coverage frontendhlsl frontendopenmp frontendoffloading frontenddriver
  lto objcarcopts windowsdriver plugins option targetparser extensions)
add_library(bpfcc_clang INTERFACE)
target_link_libraries(
  bpfcc_clang
  INTERFACE -Wl,--start-group
            clangCodeGen clangFrontend clangFrontendTool clangDriver clangSerialization
            clangParse clangSema clangAnalysisLifetimeSafety clangAnalysis
            clangASTMatchers clangEdit clangAST clangLex clangBasic
            clangSupport clangAPINotes clangOptions
            Polly PollyISL ${CLANG_NEEDS} -Wl,--end-group bpfcc_flags)
