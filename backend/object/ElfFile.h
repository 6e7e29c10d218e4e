#ifndef BPFCC_BACKEND_OBJECT_ELFFILE_H
#define BPFCC_BACKEND_OBJECT_ELFFILE_H

#include "backend/object/Object.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace bpfcc {

/// With a .rel section for each: what the 16 bits of an ELF header can count.
constexpr size_t MaxSections = 32000;

/// The bytes of \p O, of at most MaxSections sections, as an ELF64 relocatable
/// file for EM_BPF. Symbols may stand in any order (the writer sorts local ones
/// first); .symtab, .strtab, .shstrtab and .rel* sections are made here and are
/// no Sections of \p O. Equal objects give equal bytes.
std::vector<uint8_t> writeElf(const Object &O);

/// Reads an ELF64 relocatable EM_BPF file of any compiler. Never trusts a
/// number in it. Error: BadObject with what is wrong; \p Name is the file.
llvm::Expected<Object> readElf(llvm::ArrayRef<uint8_t> Bytes,
                               llvm::StringRef Name);

/// `.BTF` and `.BTF.ext`, where they lie in a file.
struct TypeSections {
  llvm::ArrayRef<uint8_t> Btf, Ext;
};

/// The same without copies of the sections that \p Types shows, the first of
/// each name, nor their relocations.
llvm::Expected<Object> readElf(llvm::ArrayRef<uint8_t> Bytes,
                               llvm::StringRef Name, TypeSections &Types);

} // namespace bpfcc

#endif
