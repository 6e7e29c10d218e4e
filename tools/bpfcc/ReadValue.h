#ifndef BPFCC_TOOLS_BPFCC_READVALUE_H
#define BPFCC_TOOLS_BPFCC_READVALUE_H

#include "backend/btf/BtfFile.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace bpfcc::tools {

/// The bytes of a value of BTF type \p Type that \p Text, JSON, says: numbers
/// (also as text, "0x1f"), true and false, enumerators by name, text for arrays
/// of characters, lists for arrays, objects for structures and unions. What it
/// does not mention is 0. Error: what is wrong, and which members there are.
llvm::Expected<std::vector<uint8_t>> readValue(const BtfFile &Btf,
                                               uint32_t Type,
                                               llvm::StringRef Text,
                                               bool BigEndian);

} // namespace bpfcc::tools

#endif
