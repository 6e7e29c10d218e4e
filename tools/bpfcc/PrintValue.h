#ifndef BPFCC_TOOLS_BPFCC_PRINTVALUE_H
#define BPFCC_TOOLS_BPFCC_PRINTVALUE_H

#include "backend/btf/BtfFile.h"

namespace bpfcc::tools {

/// The bytes of a value of BTF type \p Type as C would write them: `7`,
/// `{.src = 1, .ports = [80, 443]}`, `"eth0"`. Without a type (0), and where
/// the type has another size, hexadecimal bytes.
std::string printValue(const BtfFile &Btf, uint32_t Type,
                       llvm::ArrayRef<uint8_t> Bytes, bool BigEndian);

/// True if a value of \p Type is one number that can be added up.
bool isNumber(const BtfFile &Btf, uint32_t Type);

/// The number in \p Bytes (1, 2, 4 or 8 of them).
uint64_t readNumber(llvm::ArrayRef<uint8_t> Bytes, bool BigEndian);

} // namespace bpfcc::tools

#endif
