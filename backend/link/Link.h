#ifndef BPFCC_BACKEND_LINK_LINK_H
#define BPFCC_BACKEND_LINK_LINK_H

#include "backend/object/ElfFile.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace bpfcc {

struct LinkInput {
  std::string Name; ///< for diagnostics: `a.o`, `libx.a(a.o)`, `a.c`
  Object Obj;
  TypeSections Types = {}; ///< if those are not in Obj; their bytes live on
  /// Not empty: what is to be compiled before it can be linked; of Obj only the
  /// symbols are there.
  llvm::StringRef Bitcode = {};
};

/// As the options of ld(1) of these names.
struct LinkOptions {
  bool Partial = false;             ///< -r: symbols may stay undefined
  bool GcSections = false;          ///< drop what no program reaches
  std::vector<std::string> Exports; ///< kept by GcSections though unreached
  bool WantsMap = false;            ///< LinkResult::Map is asked for
};

/// Where everything went: what `-Map=` and `--trace-symbol=` print.
struct LinkMap {
  struct Part {
    std::string Input;   ///< its name
    std::string Section; ///< its section in the input
    uint64_t Offset =
        0; ///< in the output's section, or in the input's if dropped
    uint64_t Size = 0;
    std::string Symbol; ///< that begins there; may be empty
  };
  struct OutputSection {
    std::string Name;
    uint64_t Size = 0;
    uint32_t Align = 1;
    std::vector<Part> Parts;
  };
  struct Use {
    std::string Symbol, Input;
    bool IsDefinition = false;
  };
  /// A member of an archive, and the symbol that \p By needed it for.
  struct Member {
    std::string Name, Symbol, By;
  };
  std::vector<Member> Members;
  std::vector<OutputSection> Sections;
  std::vector<Part> Dropped;
  std::vector<Use> Uses; ///< of global symbols, in the order of the inputs
};

struct LinkResult {
  Object Obj;
  LinkMap Map;
};

/// Links objects of bpfcc and of Clang, or results of earlier links, into one
/// that loads as each of them does. Sections of one name become one; each
/// global symbol is one; types are there once. DWARF is left out.
///
/// There is one input at least, and an order: it decides where things stand
/// and which of several weak definitions counts.
///
/// Errors, at the lines of C that .BTF.ext gives: objects of two byte orders;
/// undefined and doubly defined symbols; declarations, maps and licences that
/// differ; BadObject for what is damaged.
/// Follows the ELF gABI and Documentation/bpf/{btf,llvm_reloc}.rst; what
/// libbpf's linker (`bpftool gen object`) takes has the same meaning here.
llvm::Expected<LinkResult> linkObjects(std::vector<LinkInput> Inputs,
                                       const LinkOptions &Options = {});

/// Prints \p Map as text: why members of archives are there, sections with
/// their parts, then what was dropped.
void printLinkMap(llvm::raw_ostream &OS, const LinkMap &Map);

} // namespace bpfcc

#endif
