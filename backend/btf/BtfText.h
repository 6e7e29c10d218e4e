#ifndef BPFCC_BACKEND_BTF_BTFTEXT_H
#define BPFCC_BACKEND_BTF_BTFTEXT_H

#include "backend/btf/BtfFile.h"

#include <string>

namespace bpfcc {

/// The C declaration of \p Name as type \p Id: `struct task *t`, `int a[4]`,
/// `int (*f)(void)`; the type alone if \p Name is empty. Types without a name
/// go by their id: `struct [14]`.
std::string declareType(const BtfFile &B, uint32_t Id,
                        llvm::StringRef Name = {});

/// What type \p Id says, in one line without its id:
/// `struct task { int pid @0; } // 4 bytes`. Members stand with their offset
/// in bytes, bit-fields as `@BYTE:BIT`.
std::string describeType(const BtfFile &B, uint32_t Id);

/// What a CO-RE relocation asks of the kernel, in words:
/// `byte offset of task.comm[2]`.
std::string describeCoreRelo(const BtfFile &B, const BtfFile::CoreRelo &R);

} // namespace bpfcc

#endif
