#ifndef BPFCC_BACKEND_LINK_INPUTTYPES_H
#define BPFCC_BACKEND_LINK_INPUTTYPES_H

#include "backend/link/TypePool.h"

namespace bpfcc::link {

/// What `.BTF` and `.BTF.ext` of one input say. Names point into their bytes.
struct InputTypes {
  llvm::ArrayRef<uint8_t> Btf, Ext;
  bool BigEndian = false;

  /// Functions, variables, sections and tags; types in them are the file's ids.
  std::vector<BtfFile::Type> Declarations;
  std::vector<BtfFile::Member> Variables; ///< what sections' Members are of
  /// By id: of a type of values its number in the pool, of another its place in
  /// Declarations, with IsDeclaration.
  std::vector<uint32_t> Numbers = {0};
  static constexpr uint32_t IsDeclaration = 1u << 31;

  std::vector<BtfFile::FuncInfo> Functions;
  std::vector<BtfFile::Line> Lines;
  std::vector<BtfFile::CoreRelo> CoreRelos;

  bool isDeclaration(uint32_t Id) const { return Numbers[Id] & IsDeclaration; }
  uint32_t place(uint32_t Id) const { return Numbers[Id] & ~IsDeclaration; }
  const BtfFile::Type &declaration(uint32_t Id) const {
    return Declarations[place(Id)];
  }
};

/// Reads the two sections, which must live on, and adds their types of values
/// to \p Pool. \p Scratch is used again from input to input.
llvm::Expected<InputTypes> readInputTypes(llvm::ArrayRef<uint8_t> Btf,
                                          llvm::ArrayRef<uint8_t> Ext,
                                          bool BigEndian, TypePool &Pool,
                                          BtfFile &Scratch);

/// Adds the types of values of \p T to another pool.
llvm::Error changePool(InputTypes &T, TypePool &Pool, BtfFile &Scratch);

} // namespace bpfcc::link

#endif
