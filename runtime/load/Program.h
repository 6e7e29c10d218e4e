#ifndef BPFCC_RUNTIME_LOAD_PROGRAM_H
#define BPFCC_RUNTIME_LOAD_PROGRAM_H

#include "backend/isa/Inst.h"
#include "backend/object/Object.h"
#include "runtime/maps/Map.h"

#include "llvm/Support/Error.h"

namespace bpfcc {

/// A program or subprogram of an object, decoded. Jumps stay as in isa::Inst;
/// Slots maps an instruction's index to its slot.
struct Subprog {
  std::string Name;
  std::string Section;
  std::vector<isa::Inst> Insts;
  std::vector<uint32_t> Slots;
  struct Line {
    uint32_t Inst;
    std::string File;
    uint32_t Line;
  };
  std::vector<Line> Lines;
  bool IsProgram = false; ///< has an entry section, not .text
};

/// An object ready to run. What LD_IMM64 of a map, a variable or a function
/// needs, and the target of each call, is filled in by relocation:
/// LD_MAP_FD's Imm is a map number, LD_MAP_VALUE's Imm is map number + offset
/// << 32, LD_FUNC's and CALL_SUBPROG's Imm is a subprog number.
struct Program {
  bool BigEndian = false;
  std::string License;
  std::vector<Subprog> Subprogs;
  /// Declared maps, then one array map with one element for each data section
  /// (.rodata, .data, .bss, ...), as libbpf makes them.
  std::vector<MapDef> Maps;
  struct InitialValue {
    uint32_t Map;
    std::vector<uint8_t> Key, Value;
  };
  std::vector<InitialValue> Initial; ///< data sections, .values initialisers
};

/// Reads programs, maps (BTF-defined and legacy) and data out of \p O and
/// applies its relocations. Takes bpfcc's objects and clang's. Errors:
/// BadObject and its kin, with the symbol and section.
llvm::Expected<Program> loadProgram(const Object &O, llvm::StringRef Name);

} // namespace bpfcc

#endif
