#ifndef BPFCC_RUNTIME_LOAD_LOADER_H
#define BPFCC_RUNTIME_LOAD_LOADER_H

#include "backend/btf/BtfFile.h"
#include "runtime/load/Program.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/DenseMap.h"

namespace bpfcc {

/// enum bpf_map_type and the flags that libbpf sets by itself.
enum : uint32_t {
  ArrayMapType = 2,
  ProgArrayMapType = 3,
  MapReadOnlyForPrograms = 1u << 7,
};

/// One object on its way to a Program; the steps run in the order below.
constexpr const char *JumpTableSection = ".jumptables";

class Loader {
public:
  Loader(const Object &O, const LoadOptions &Options)
      : O(O), Options(Options) {}

  llvm::Expected<Program> run();

private:
  enum class Part : uint8_t {
    Other,
    Code,
    Data,
    BtfMaps,
    LegacyMaps,
    Operations
  };

  llvm::Error checkObject();
  llvm::Error readTypes();
  llvm::Error findParts();
  llvm::Error findFunctions();
  llvm::Error addFunction(const Symbol &Sym);
  void addLines();
  void findExceptionCallbacks();

  // Maps.cpp
  llvm::Error findBtfMaps();
  llvm::Error addBtfMap(const BtfFile::Member &Var, uint32_t Section);
  llvm::Error mapMember(const BtfFile::Member &M, MapDef &Def, bool &HasValues,
                        uint64_t &ValuesAt);
  llvm::Error findLegacyMaps();
  void placeInArena(uint32_t Section);
  void addDataMaps();
  void addVariables();

  // Kconfig.cpp
  llvm::Error addKconfig();
  llvm::Expected<std::vector<uint8_t>>
  kconfigValue(const std::string &Name, uint32_t Type, bool Weak) const;

  // Relocate.cpp
  llvm::Error relocate();
  llvm::Error relocateCode(uint32_t Section);
  llvm::Error relocateInst(uint32_t Section, const Relocation &R);
  llvm::Error relocateImm64(isa::Inst &I, const Symbol &Sym,
                            const std::string &Where);
  void relocateKernelSymbol(isa::Inst &I, const Symbol &Sym);
  llvm::Error relocateCall(isa::Inst &I, const Symbol &Sym,
                           const std::string &Where);
  llvm::Error relocateData(uint32_t Section);
  llvm::Error relocateMapValues(uint32_t Section);
  void findOperations(uint32_t Section);
  llvm::Error resolveLocalCalls();
  void forgetDescriptors();
  uint64_t localTarget(size_t Func, size_t Inst) const;

  // JumpTables.cpp
  llvm::Error fillJumpTables();
  llvm::Error fillJumpTable(const Symbol &Table, int32_t CodeSection);

  // CoreRelocate.cpp
  void relocateCore();

  void startFunctionAt(int32_t Section, uint64_t Offset);

  llvm::Error bad(const llvm::Twine &What) const {
    return diagError(DiagCode::BadObject, {}, What.str());
  }
  const std::string &sectionName(int32_t Index) const {
    return O.Sections[size_t(Index)].Name;
  }
  std::string symbolName(const Symbol &Sym) const;
  /// The function that starts at \p Offset of \p Section; ~0u for none.
  uint32_t functionAt(int32_t Section, uint64_t Offset) const;
  uint32_t externNumber(const std::string &Name);

  /// The place of a map's declaration.
  struct Declared {
    uint32_t Map;
    int32_t Section;
    uint64_t Offset, Size;
    uint64_t ValuesAt; ///< offset in the section of `values`, ~0ull for none
  };
  const Declared *mapAt(int32_t Section, uint64_t Offset) const;

  const Object &O;
  const LoadOptions &Options;
  BtfFile Btf;
  Program P;
  std::vector<Part> Parts;       ///< by section
  std::vector<uint32_t> DataMap; ///< by section: its map, ~0u for none
  std::map<std::pair<int32_t, uint64_t>, uint32_t> Functions;
  std::vector<std::pair<int32_t, uint64_t>> Starts; ///< by subprog
  /// By subprog: which instructions name a function that a relocation resolved.
  std::vector<std::vector<bool>> Called;
  std::vector<Declared> Maps;
  /// Symbols of jump tables, and the section of the code that uses each.
  std::map<uint32_t, int32_t> JumpTables;
  uint32_t KconfigMap = ~0u;
  std::map<std::string, uint64_t> KconfigOffset;
  std::map<std::string, uint32_t> ExternNumbers;
};

} // namespace bpfcc

#endif
