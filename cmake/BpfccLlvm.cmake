# Debian's LLVM 22, static. Targets defined here:
#   bpfcc_flags        compile flags that every part shares
#   bpfcc_llvm_support LLVM's support library alone
#   bpfcc_llvm_ir      IR, analysis, passes, object and DWARF readers
#   bpfcc_llvm_lto     reader of bitcode, and linker of modules
#   bpfcc_llvm_jit     this machine's code generator, and ORC
#   bpfcc_clang        the Clang front end in process
#   bpfcc_llvm_targets code generators of runtime/aot/targets.def
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

set(BPFCC_SANITIZE OFF CACHE STRING
    "ON: build with address and undefined-behaviour sanitizers; thread: with ThreadSanitizer")
if(BPFCC_SANITIZE STREQUAL "thread")
  target_compile_options(bpfcc_flags INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(bpfcc_flags INTERFACE -fsanitize=thread)
elseif(BPFCC_SANITIZE)
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
bpfcc_llvm_group(bpfcc_llvm_lto bitreader linker core support targetparser)
bpfcc_llvm_group(bpfcc_llvm_jit orcjit native passes core support targetparser)
bpfcc_llvm_group(bpfcc_llvm_targets x86codegen aarch64codegen armcodegen x86desc
                 aarch64desc armdesc x86info aarch64info arminfo mc target
                 transformutils core object support targetparser)

# Debian's targets of lld ask for the shared libLLVM, as Clang's do.
find_library(LLD_ELF lldELF HINTS ${LLVM_LIBRARY_DIR} NO_DEFAULT_PATH REQUIRED)
find_library(LLD_COMMON lldCommon HINTS ${LLVM_LIBRARY_DIR} NO_DEFAULT_PATH REQUIRED)
bpfcc_llvm_group(bpfcc_lld_needs lto dtlto bitwriter core debuginfodwarf demangle mc
                 object option passes support targetparser)
add_library(bpfcc_lld INTERFACE)
target_link_libraries(bpfcc_lld INTERFACE ${LLD_ELF} ${LLD_COMMON} bpfcc_lld_needs)

# lld initialises all targets of LLVM, for link-time optimisation, which nobody
# asks it for here. bpfcc_no_targets(FILE): writes functions that do nothing
# in place of the initialisers of those that are not linked.
function(bpfcc_no_targets FILE)
  set(LINKED "X86|AArch64|ARM")
  set(TEXT "extern \"C\" {\n")
  foreach(KIND Target AsmPrinter AsmParser)
    file(STRINGS ${LLVM_INCLUDE_DIR}/llvm/Config/${KIND}s.def ROWS REGEX "^LLVM_")
    foreach(ROW ${ROWS})
      string(REGEX REPLACE ".*[(](.*)[)]" "\\1" NAME ${ROW})
      if(KIND STREQUAL AsmParser OR NOT NAME MATCHES "^(${LINKED})$")
        string(APPEND TEXT "void LLVMInitialize${NAME}${KIND}() {}\n")
        if(KIND STREQUAL Target)
          string(APPEND TEXT "void LLVMInitialize${NAME}TargetInfo() {}\n"
                             "void LLVMInitialize${NAME}TargetMC() {}\n")
        endif()
      endif()
    endforeach()
  endforeach()
  file(CONFIGURE OUTPUT ${FILE} CONTENT "${TEXT}}\n" @ONLY)
endfunction()

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
