#ifndef BPFCC_TOOLS_BPFCC_PRINTEVENTS_H
#define BPFCC_TOOLS_BPFCC_PRINTEVENTS_H

#include "backend/btf/BtfFile.h"
#include "runtime/load/Program.h"
#include "tools/bpfcc/RunOptions.h"

namespace bpfcc::tools {

/// What the records of ring and perf buffers are, as --event-type says: an
/// object does not.
class EventTypes {
public:
  /// \p Btf, that of \p P, must outlive the result. Error: a type that is not
  /// in it, a map that \p P has not.
  static llvm::Expected<EventTypes> find(const BtfFile &Btf, const Program &P,
                                         const RunOptions &O);

  /// A record of the map \p Map as C would write it, or as bytes: without a
  /// type, and where the record is shorter.
  std::string text(llvm::StringRef Map, llvm::ArrayRef<uint8_t> Bytes) const;
  /// The same without the bytes; empty for those.
  std::string value(llvm::StringRef Map, llvm::ArrayRef<uint8_t> Bytes) const;

private:
  EventTypes(const BtfFile &Btf, bool BigEndian)
      : Btf(&Btf), BigEndian(BigEndian) {}

  const BtfFile *Btf;
  bool BigEndian;
  std::map<std::string, uint32_t, std::less<>> Types; ///< by map; "" for all
};

} // namespace bpfcc::tools

#endif
