#ifndef BPFCC_BACKEND_MIR_MIR_H
#define BPFCC_BACKEND_MIR_MIR_H

// The machine IR: BPF instructions over virtual registers.
//
// One register class, 64 bits wide. Whether an operation looks at 32 or 64
// bits is a property of its opcode. Between select and regalloc a function is
// in SSA form: each virtual register has one def, which dominates its uses.
// ALU rows are written with three addresses there: `%3 = ADD_RR %1, %2`;
// regalloc makes def and first use the same register, or finish copies.
//
//   func @f section "xdp" {
//   bb0:
//     %16 = arg 0
//     %17 = LDXW %16, 4
//     JGT_RI %17, 100, bb1, bb2
//   bb1: preds bb0
//     ...

#include "backend/isa/Inst.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace bpfcc::mir {

/// Registers: 0..10 are r0..r10, virtual ones start at FirstVirtual.
using Reg = uint32_t;
constexpr Reg NoReg = ~0u;
constexpr Reg FirstVirtual = 16;
inline bool isVirtual(Reg R) { return R >= FirstVirtual && R != NoReg; }
inline bool isPhysical(Reg R) { return R < isa::NumRegs; }

/// isa::Op values first, then the pseudo instructions.
enum Opcode : uint16_t {
#define INST(Name, ...) Name,
#include "backend/isa/isa.def"
#define PSEUDO(Name, ...) Name,
#include "backend/mir/pseudo.def"
  NumOpcodes
};
inline bool isPseudo(Opcode O) { return O >= isa::NumOps; }
inline isa::Op isaOp(Opcode O) { return static_cast<isa::Op>(O); }

using BlockId = uint32_t;
constexpr int32_t None = -1;

/// One instruction. By form (isa.def):
///   RR     Defs {d}  Uses {a, b}          (d = a op b; MOV_RR, MOVSX: Uses
///   {a}) RI     Defs {d}  Uses {a}   Imm       (MOV_RI: Uses {}) R      Defs
///   {d}  Uses {a} Load   Defs {d}  Uses {base}  Off     (Uses {} when Frame is
///   set) StoreR           Uses {base, value}  Off   (Uses {value} with Frame)
///   StoreI           Uses {base}  Off, Imm     (Uses {} with Frame)
///   Atomic Uses {base, value} Off; fetching ones Defs {old}; CMPXCHG Uses
///          {base, value, expected}, Defs {old}. (base omitted with Frame)
///   Imm64  Defs {d}  Imm, or Sym + Imm for LD_IMM64 of an address
///   JmpRR  Uses {a, b}  Targets {taken, else};  JmpRI  Uses {a} Imm
///   JA     Targets {to};  MAY_GOTO Targets {taken, else}
///   CALL_* Uses arguments (pinned to r1..r5 in order), Defs {result} or {};
///          Imm is the helper id, Sym the subprogram or kfunc. CALLX: Uses
///          {arguments..., address}.
///   EXIT   Uses {value of r0}, or {} in a function without result
///   LD_ABS Uses {ctx} Imm, LD_IND Uses {ctx, index} Imm; Defs {value}
/// A block ends with exactly one terminator: Jcc, JA, MAY_GOTO, EXIT or
/// UNREACHABLE, or an INLINE_ASM with Targets (asm goto; the last is the
/// fall-through).
struct Inst {
  Opcode Op = NumOpcodes;
  int16_t Off = 0;
  int32_t Frame = None; ///< index of a frame object: the base, instead of a use
  int32_t Sym = None;   ///< index into Function::Symbols
  int32_t Extra = None; ///< index into Function::Asms or Function::CoreRelos
  int32_t Loc = None;   ///< index into Function::Locs
  bool Volatile = false; ///< a memory access that no pass may drop or merge
  /// A commutative operation whose operands keep their places.
  bool Ordered = false;
  int64_t Imm = 0;
  llvm::SmallVector<Reg, 1> Defs;
  llvm::SmallVector<Reg, 3> Uses;
  llvm::SmallVector<BlockId, 2> Targets;

  Reg def() const { return Defs.empty() ? NoReg : Defs[0]; }
};

struct Block {
  std::vector<Inst> Insts;
  /// One for each edge that enters, in any order; PHI uses stand in the same.
  llvm::SmallVector<BlockId, 4> Preds;
  /// Estimated executions per call of the function, entry = 1.0.
  float Frequency = 1.0f;
  /// The most turns of the loops around, multiplied, as far as constants bound
  /// them: the verifier walks such loops turn by turn.
  uint32_t Turns = 1;
};

/// Stack memory of one function. Offset is set by finish: negative, from r10.
struct FrameObject {
  uint32_t Size = 8; ///< bytes
  uint32_t Align = 8;
  std::string Name; ///< the C variable, or empty for a spill slot
  bool Spill = false;
  int32_t Offset = 0;
};

struct DebugLoc {
  uint32_t File = 0; ///< index into Function::Files
  uint32_t Line = 0;
  uint32_t Column = 0;
  bool operator==(const DebugLoc &) const = default;
};

/// Inline assembly: Text holds `$0` style operand references as in LLVM IR;
/// operands are the Defs, then the Uses, in that order.
struct AsmBlock {
  struct Operand {
    enum Kind : uint8_t { Def, Use, Imm, Symbol, Memory, Label } K = Use;
    uint32_t Index = 0; ///< into Defs, Uses or Targets
    /// For a use: the index in Defs of the result that shares its register.
    int32_t TiedTo = None;
    bool EarlyClobber = false;
    bool Word = false;    ///< constraint `w`: prints as w0..w10
    int32_t Phys = None;  ///< a fixed register: constraint {r0}
    int64_t Value = 0;    ///< for Imm; the offset for Memory
    int32_t Sym = None;   ///< for Symbol
    int32_t Frame = None; ///< for Memory in the frame
  };
  std::string Text;
  std::vector<Operand> Operands; ///< in the order of `$N`
  uint16_t Clobbers = 0;         ///< bit n: rn is lost
};

/// A CO-RE relocation: what libbpf will put into the instruction.
struct CoreRelo {
  uint32_t Kind = 0;  ///< enum bpf_core_relo_kind
  std::string Type;   ///< key of the root type, resolved by backend/btf
  std::string Access; ///< "0:1:2"
  int64_t Value = 0;  ///< what it is in the local types
};

/// One function, in SSA until regalloc, then over r0..r10.
struct Function {
  std::string Name;
  std::string Section; ///< ".text" for subprograms
  bool Global = false; ///< external linkage
  bool Weak = false;
  bool Hidden = false;
  bool HasResult = false;
  bool Naked = false;        ///< inline assembly alone, which leaves by itself
  std::vector<Block> Blocks; ///< Blocks[0] is the entry
  std::vector<FrameObject> Frame;
  std::vector<std::string> Symbols;
  std::vector<std::string> Files;
  std::vector<DebugLoc> Locs;
  std::vector<AsmBlock> Asms;
  std::vector<CoreRelo> CoreRelos;
  Reg NextReg = FirstVirtual;

  Reg newReg() { return NextReg++; }
  /// The index of \p Name in Symbols, added if it is new.
  int32_t symbol(llvm::StringRef Name);
};

} // namespace bpfcc::mir

#endif
