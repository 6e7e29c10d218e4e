#ifndef BPFCC_BACKEND_BTF_EXTWRITER_H
#define BPFCC_BACKEND_BTF_EXTWRITER_H

#include "backend/btf/BtfWriter.h"

#include "llvm/ADT/MapVector.h"

#include <map>

namespace bpfcc::btf {

/// The section `.BTF.ext` (struct btf_ext_header of the kernel), growing: by
/// section of code, records of functions, lines and CO-RE relocations.
class ExtWriter {
public:
  struct Section {
    std::vector<uint32_t> Functions, Lines, Relocations; ///< words

    void addFunction(uint32_t At, uint32_t FuncType) {
      Functions.insert(Functions.end(), {At, FuncType});
    }
    /// \p File and \p Text are strings of the Writer; a column beyond what the
    /// record can hold becomes the last that it can.
    void addLine(uint32_t At, uint32_t File, uint32_t Text, uint32_t Line,
                 uint32_t Column);
    void addRelocation(uint32_t At, uint32_t Type, uint32_t Access,
                       uint32_t Kind) {
      Relocations.insert(Relocations.end(), {At, Type, Access, Kind});
    }
  };

  Section &section(llvm::StringRef Name) { return Sections[Name.str()]; }
  bool empty() const;

  /// \p W gets the names of the sections.
  std::vector<uint8_t> encode(Writer &W, bool BigEndian) const;

private:
  llvm::MapVector<std::string, Section, std::map<std::string, unsigned>>
      Sections;
};

} // namespace bpfcc::btf

#endif
