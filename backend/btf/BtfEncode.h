#ifndef BPFCC_BACKEND_BTF_BTFENCODE_H
#define BPFCC_BACKEND_BTF_BTFENCODE_H

#include "backend/btf/BtfFile.h"
#include "backend/btf/BtfWriter.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace bpfcc::btf {

/// The record of \p T, which was read from a file, for the types of \p W: its
/// names go into the strings of \p W, and \p IdOf gives the new number of each
/// type that it refers to. \p T is no Datasec.
Type encodeType(const BtfFile::Type &T, Writer &W,
                llvm::function_ref<uint32_t(uint32_t)> IdOf);

} // namespace bpfcc::btf

#endif
