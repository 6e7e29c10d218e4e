#ifndef BPFCC_BACKEND_SELECT_SELECTOR_H
#define BPFCC_BACKEND_SELECT_SELECTOR_H

#include "backend/select/Select.h"
#include "backend/select/UpperBits.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"

#include <functional>
#include <map>

namespace llvm {
class BlockFrequencyInfo;
class BranchProbabilityInfo;
class DominatorTree;
class LoopInfo;
} // namespace llvm

namespace bpfcc {

/// An ALU or jump operation: its _RI row; the others follow in isa.def.
inline mir::Opcode rowOf(mir::Opcode Immediate, bool Word, bool Register) {
  return mir::Opcode(Immediate + (Word ? 2 : 0) + (Register ? 1 : 0));
}

/// Where a load or store goes: a register or a frame object, plus a distance
/// that the instruction can hold.
struct Address {
  mir::Reg Base = mir::NoReg;
  int32_t Frame = mir::None;
  int64_t Off = 0;
  int32_t Extra = mir::None; ///< Off is this CO-RE relocation
};

/// The selection of one function. The members stand in files by what they
/// select; Select.cpp walks over the blocks.
class Selector {
public:
  Selector(llvm::Function &F, const SelectOptions &Options);
  llvm::Expected<mir::Function> run();

private:
  using Reg = mir::Reg;
  using BlockId = mir::BlockId;

  // Select.cpp: the walk.
  void declare();
  void selectBlock(const llvm::BasicBlock &B);
  void selectInst(const llvm::Instruction &I);
  void selectReturn(const llvm::ReturnInst &Ret);
  void estimateFlow();
  void countTurns(llvm::DominatorTree &Dominators, llvm::LoopInfo &Loops);

  // Emit.cpp: making instructions.
  mir::Inst &emit(mir::Opcode Op);
  Reg emitRI(mir::Opcode Op, Reg A, int64_t Imm);
  Reg emitRR(mir::Opcode Op, Reg A, Reg B);
  Reg emitR(mir::Opcode Op, Reg A);
  void emitJump(BlockId To);
  BlockId newBlock(float Frequency);
  void startBlock(BlockId Id);
  void define(const llvm::Value &V, Reg R) { Regs[&V] = R; }
  int32_t symbol(llvm::StringRef Name);
  int32_t symbol(const llvm::GlobalValue &G);
  int32_t locate(const llvm::Instruction &I);
  SourceLoc here() const;
  void fail(llvm::Error E);
  /// Reports \p What as unsupported; gives a register to go on with.
  Reg unsupported(const llvm::Twine &What);
  /// Reports that \p What needs a later ISA level.
  void needsLevel(const llvm::Twine &What, unsigned Level);

  // Values.cpp: values in registers.
  Reg reg(const llvm::Value *V);
  Reg constantReg(const llvm::Constant &C);
  Reg number(int64_t N);
  Reg zeroExtended(const llvm::Value *V, unsigned To);
  Reg signExtended(const llvm::Value *V, unsigned To);
  Reg frameAddress(int32_t Object, int64_t Off);
  Reg symbolAddress(const llvm::GlobalValue &G, int64_t Off);

  // Alu.cpp
  void selectBinary(const llvm::BinaryOperator &Op);
  Reg andWide(Reg A, uint64_t Mask);
  Reg leftShift(const llvm::BinaryOperator &Op);
  Reg rightShift(const llvm::BinaryOperator &Op);
  Reg divide(const llvm::BinaryOperator &Op);
  Reg additive(const llvm::BinaryOperator &Op);
  Reg bitwise(const llvm::BinaryOperator &Op);
  void selectCast(const llvm::CastInst &Cast);
  void selectSwap(const llvm::CallInst &Call);

  // Memory.cpp
  Address address(const llvm::Value *Pointer);
  Reg addressReg(const Address &A);
  void selectOffset(const llvm::GetElementPtrInst &Gep);
  std::pair<mir::Opcode, Reg> step(llvm::Value *Index, int64_t By);
  void selectLoad(const llvm::LoadInst &Load);
  void selectStore(const llvm::StoreInst &Store);
  void storeTo(const llvm::Value *Pointer, const llvm::Type *T, Reg Value);
  /// Puts base and offset of \p Pointer into \p I, before its other uses.
  void setAddress(mir::Inst &I, const Address &A);
  Address accessAddress(const llvm::Value *Pointer);
  Reg kernelAddress(Reg Arena);

  // Branches.cpp
  bool isConditionOnly(const llvm::Value *V, unsigned Depth = 0);
  void selectBranch(const llvm::BranchInst &Branch);
  void branchOn(const llvm::Value *Condition, BlockId Then, BlockId Else,
                float Frequency);
  void branchOnCompare(llvm::CmpInst::Predicate P, const llvm::Value *L,
                       const llvm::Value *R, BlockId Then, BlockId Else);
  bool branchOnMask(const llvm::Value *V, BlockId Then, BlockId Else);
  void emitCompare(llvm::CmpInst::Predicate P, bool Word, Reg L,
                   std::optional<int64_t> Imm, Reg R, BlockId Then,
                   BlockId Else);
  Reg materialise(const llvm::Value &Condition);

  // Edges.cpp
  BlockId edge(const llvm::BasicBlock &From, const llvm::BasicBlock &To);
  void loadPhiConstants(const llvm::BasicBlock &From,
                        const llvm::BasicBlock &To, bool Shared = false);
  std::vector<const llvm::Value *> phiInputs(const llvm::BasicBlock &From,
                                             const llvm::BasicBlock &To) const;
  bool sharesEdge(const llvm::BasicBlock &To,
                  const std::vector<const llvm::Value *> &Inputs);
  const llvm::Value *knownEqual(const llvm::BasicBlock &From,
                                const llvm::BasicBlock &To,
                                const llvm::Value *C);
  void fillPhis();

  // Calls.cpp
  void selectCall(const llvm::CallInst &Call);
  bool selectIntrinsic(const llvm::CallInst &Call);
  void selectPacketLoad(const llvm::CallInst &Call, mir::Opcode Absolute,
                        mir::Opcode Indirect);
  Reg argument(const llvm::CallInst &Call, unsigned Index, bool Helper);
  void selectMarker(const llvm::CallInst &Call);

  // Atomics.cpp
  void selectAtomicRMW(const llvm::AtomicRMWInst &I);
  void selectCmpXchg(const llvm::AtomicCmpXchgInst &I);
  void selectExtract(const llvm::ExtractValueInst &I);
  bool isAtomicWidth(const llvm::Value *V);

  // Asm.cpp
  void selectAsm(const llvm::CallBase &Call);

  llvm::Function &F;
  const SelectOptions &Options;
  const llvm::DataLayout &DL;
  UpperBits Uppers;
  mir::Function Out;
  llvm::Error Failure = llvm::Error::success();

  BlockId Current = 0;
  int32_t CurrentLoc = mir::None;
  const llvm::Instruction *CurrentInst = nullptr;

  llvm::DenseMap<const llvm::Value *, Reg> Regs;
  llvm::DenseMap<const llvm::AllocaInst *, int32_t> FrameOf;
  llvm::DenseMap<const llvm::BasicBlock *, BlockId> BlockOf;
  std::vector<float> Frequencies; ///< by the block ids of BlockOf
  std::vector<uint32_t> Turns;    ///< the same

  /// A GEP with a variable part: its register without the constant part.
  struct Split {
    Reg Base;
    int64_t Off;
  };
  llvm::DenseMap<const llvm::Value *, Split> Splits;
  /// What an aggregate is made of: outputs of asm, old value of cmpxchg.
  llvm::DenseMap<const llvm::Value *, llvm::SmallVector<Reg, 2>> Parts;

  // What the current block has in registers already.
  std::map<int64_t, Reg> Numbers;
  std::map<std::pair<int32_t, int64_t>, Reg> FrameAddresses;
  std::map<std::pair<int32_t, int64_t>, Reg> SymbolAddresses;
  std::map<std::tuple<const llvm::Value *, bool, unsigned>, Reg> Extensions;
  llvm::DenseMap<Reg, Reg> KernelAddresses;

  /// The IR block that each MIR block ends for; null inside of one.
  std::vector<const llvm::BasicBlock *> IrBlock;
  llvm::DenseMap<std::pair<const llvm::PHINode *, const llvm::BasicBlock *>,
                 Reg>
      PhiConstants;
  std::map<
      std::pair<const llvm::BasicBlock *, std::vector<const llvm::Value *>>,
      BlockId>
      SharedEdges;
  /// Blocks that bring the same values: all of them, and those that branch.
  llvm::DenseMap<
      const llvm::BasicBlock *,
      std::map<std::vector<const llvm::Value *>, std::pair<unsigned, unsigned>>>
      EdgeCounts;
  /// Phis made here for conditions that are used as values.
  struct Join {
    Reg Result;
    BlockId Block, FalsePred;
    Reg False, True;
  };
  std::vector<Join> Joins;
  std::unique_ptr<llvm::BranchProbabilityInfo> Probabilities;

  llvm::StringMap<int32_t> SymbolIds, FileIds;
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, int32_t> LocIds;
};

/// Removes what computes values that nothing uses.
void removeDead(mir::Function &F);

/// The prefix of the functions that stand for CO-RE relocations.
bool isCoreMarker(const llvm::Value *V);
std::optional<mir::CoreRelo> parseCoreMarker(llvm::StringRef Name);

} // namespace bpfcc

#endif
