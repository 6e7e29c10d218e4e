#ifndef BPFCC_BACKEND_BTF_BTFEXT_H
#define BPFCC_BACKEND_BTF_BTFEXT_H

#include "backend/btf/ExtWriter.h"
#include "backend/finish/Code.h"

#include <map>
#include <memory>

namespace llvm {
class MemoryBuffer;
}

namespace bpfcc::btf {

/// Where each instruction of \p F begins, in bytes from the function's start.
std::vector<uint32_t> byteOffsets(const CodeFunction &F);

/// By names in debug information: the paths that open the files, where those
/// differ, and the texts that are known without.
struct SourceFiles {
  const std::map<std::string, std::string> &Paths, &Texts;
};

/// Collects the records of `.BTF.ext`: by program section, functions in the
/// order of their places.
class ExtBuilder {
public:
  ExtBuilder(Writer &W, const SourceFiles &Sources);
  ~ExtBuilder();

  struct Place {
    std::string File;
    uint32_t Line;
  };

  /// Function and line records of \p F, whose code starts \p At bytes into its
  /// section. \p Definition is the line of a function that has no other: the
  /// kernel wants one for the first instruction of each.
  void addFunction(const CodeFunction &F, uint64_t At, uint32_t FuncType,
                   const Place &Definition);

  void addRelocation(const std::string &Section, uint64_t At, uint32_t Type,
                     const mir::CoreRelo &Relo);

  /// The section `.BTF.ext` (struct btf_ext_header of the kernel).
  std::vector<uint8_t> encode(bool BigEndian) {
    return Out.encode(W, BigEndian);
  }

private:
  void addLine(const std::string &Section, uint64_t At, const std::string &File,
               uint32_t Line, uint32_t Column);
  std::unique_ptr<llvm::MemoryBuffer> open(const std::string &File) const;
  llvm::StringRef sourceLine(const std::string &File, uint32_t Line);

  struct Source {
    std::unique_ptr<llvm::MemoryBuffer> Buffer;
    std::vector<llvm::StringRef> Lines;
  };

  Writer &W;
  SourceFiles Sources;
  std::map<std::string, Source> Files;
  ExtWriter Out;
};

} // namespace bpfcc::btf

#endif
