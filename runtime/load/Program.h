#ifndef BPFCC_RUNTIME_LOAD_PROGRAM_H
#define BPFCC_RUNTIME_LOAD_PROGRAM_H

#include "backend/isa/Inst.h"
#include "backend/object/Object.h"
#include "runtime/maps/Map.h"

#include "llvm/Support/Error.h"

#include <map>

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
    uint32_t Column;
    std::string Text; ///< the line of source; may be empty
  };
  std::vector<Line> Lines;
  /// Instructions that jump tables name, as indices in order.
  std::vector<uint32_t> JumpTargets;
  bool IsProgram = false; ///< has an entry section, not .text
  bool IsHidden = false;  ///< libbpf makes such functions static
  /// Of a program: the subprogram that its tag `exception_callback:` names, ~0u
  /// if what bpf_throw() is given is its result.
  uint32_t OnThrow = ~0u;
};

/// What a jump table holds for instruction \p Index of subprogram \p Func, and
/// gotox takes. No memory lies there.
constexpr uint64_t InstBase = 0x5200000000000000;
inline uint64_t instAddress(uint32_t Func, uint32_t Index) {
  return InstBase + (uint64_t(Func) << 32) + Index;
}

/// The helper that no kernel has, which libbpf lets CO-RE accesses call that
/// are not possible.
constexpr int64_t NoSuchField = 0xbad2310;

class KernelTypes;

/// An object ready to run. What LD_IMM64 of a map, a variable or a function
/// needs, and the target of each call, is filled in by relocation:
/// LD_MAP_FD's Imm is a map number, LD_MAP_VALUE's Imm is map number + offset
/// << 32, LD_FUNC's and CALL_SUBPROG's Imm is a subprog number, CALL_KFUNC's
/// and LD_BTF_ID's Imm is a number in Externs.
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
  std::vector<InitialValue> Initial; ///< data sections
  /// A pointer inside a data section: Size bytes at Offset of map Map's value
  /// get the address of Target, plus Addend.
  struct DataPointer {
    enum Kind { Value, MapItself, Func };
    uint32_t Map;
    uint64_t Offset;
    unsigned Size; ///< 4 or 8
    Kind What;
    uint32_t Target; ///< map or subprog number
    uint64_t Addend;
  };
  std::vector<DataPointer> DataPointers;
  /// `values` of a map declaration: slot Index of map Map holds Target.
  struct Slot {
    uint32_t Map;
    uint32_t Index;
    bool IsProg; ///< Target is a subprog number, else a map number
    uint32_t Target;
  };
  std::vector<Slot> SlotValues;
  /// Kernel functions and variables that the object names; reaching one is an
  /// error of the run.
  std::vector<std::string> Externs;
  /// Template maps of map-in-map: InnerMaps[n] is the number of the map that
  /// describes the inner maps of map n, ~0u for none.
  std::vector<uint32_t> InnerMaps;
  /// Variables of the data sections, by map and offset.
  struct Variable {
    std::string Name;
    uint32_t Map;
    uint64_t Offset, Size;
    uint32_t Type; ///< BTF type id, 0 if unknown
  };
  std::vector<Variable> Variables;
  /// The object's .BTF section; empty if it has none.
  std::vector<uint8_t> Btf;
  /// A function that a structure of operations holds, by the member's name.
  struct Operation {
    uint32_t Subprog;
    std::string Struct, Member;
  };
  std::vector<Operation> Operations;
  /// Instructions that need what the kernel lacks, by its types: they have
  /// become a call of the helper NoSuchField.
  struct MissingField {
    uint32_t Subprog, Inst;
    std::string What;
  };
  std::vector<MissingField> Missing;
};

/// What a program may ask about the kernel that it runs on.
struct LoadOptions {
  /// LINUX_KERNEL_VERSION: major << 16 | minor << 8 | patch.
  uint32_t KernelVersion = 6 << 16 | 12 << 8;
  /// CONFIG_ variables: `y`, `n`, `m`, a number or a string.
  std::map<std::string, std::string> Kconfig;
  /// The kernel's types, for CO-RE relocations and kernel symbols. Without them
  /// relocations stay at the local values.
  const KernelTypes *Kernel = nullptr;
  /// Without its types: whether the kernel has what is declared weak is not
  /// known. Else it has not, and the address is null.
  bool WeakMayExist = false;
};

/// Reads programs, maps (BTF-defined and legacy) and data out of \p O and
/// applies its relocations. Takes bpfcc's objects and clang's.
/// Errors: BadObject and its kin, with the symbol and section; \p Name is the
/// file.
llvm::Expected<Program> loadProgram(const Object &O, llvm::StringRef Name,
                                    const LoadOptions &Options = {});

} // namespace bpfcc

#endif
