#ifndef BPFCC_RUNTIME_JIT_LOWERFUNCTION_H
#define BPFCC_RUNTIME_JIT_LOWERFUNCTION_H

#include "runtime/jit/Lower.h"

#include "backend/isa/Encoding.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/IRBuilder.h"

#include <array>

namespace bpfcc::jit {

/// How a function came back, in its third result.
enum Leave : uint64_t {
  NotLeft,    ///< the first result is r0
  LeftRun,    ///< State::Status says why; callers leave as well
  LeftByTail, ///< the first result is the code of a tail call's target
};

/// What the functions of a module share.
struct LowerContext {
  LowerContext(const Unit &U, Lowered &Out);

  const Unit &U;
  llvm::Module &M;
  std::vector<CallSite> &Sites;
  llvm::IntegerType *I64, *I32, *I8;
  llvm::PointerType *Ptr;
  llvm::StructType *Result; ///< of functions: value, instructions left, Leave
  llvm::StructType *Answer; ///< of services
  /// Accesses of State and frames, and of rights, touch no guest memory.
  llvm::MDNode *OwnScope, *RightsScope, *NotGuest, *Empty;
  llvm::MDNode *Often, *Seldom; ///< weights of branches
  llvm::Function *MayRun;
  std::vector<llvm::Function *> Calls; ///< of translated subprograms

  llvm::FunctionType *typeOf(uint32_t Func) const;
};

/// Whether the call \p I may use up what may still run.
bool runsCode(const PreInst &I);

/// Translates one subprogram; see Lower.cpp.
class FunctionLowering {
public:
  FunctionLowering(LowerContext &C, uint32_t Func, llvm::Function *F);
  void run();

private:
  using Reg = uint8_t;
  struct Place;

  // Lower.cpp
  void enter();
  void place(const Block &Each, Place &At);
  void findNeeds();
  bool isCheckPoint(uint32_t Block) const;
  void block(const Block &Each);
  void charge(const Block &Each);
  void restartAt(uint32_t N);
  bool instruction(const PreInst &I);
  llvm::BasicBlock *edge(uint32_t To);
  void jump(uint32_t To);
  void jumpByTable(const PreInst &I);

  // LowerAlu.cpp
  llvm::Value *first(const PreInst &I, bool Wide);
  llvm::Value *second(const PreInst &I, bool Wide);
  llvm::Value *arithmetic(const PreInst &I);
  void noteStack(const PreInst &I, llvm::Value *V);
  llvm::Value *compute(Sem S, llvm::Value *X, llvm::Value *Y);
  llvm::Value *divide(Sem S, llvm::Value *X, llvm::Value *Y);
  llvm::Value *compare(Sem S, llvm::Value *X, llvm::Value *Y);

  // LowerMemory.cpp
  llvm::Value *guest(llvm::Value *Address, int64_t Off = 0);
  llvm::Value *address(Reg From, const PreInst &I, unsigned Size, bool Write);
  void check(llvm::Value *Address, int16_t Off, unsigned Size, bool Write);
  bool isSafe(llvm::Value *Address, int16_t Off, unsigned Size) const;
  llvm::Value *mapValue(const PreInst &I);
  llvm::Value *cast(const PreInst &I);
  llvm::Value *ordered(llvm::Value *V);
  void load(const PreInst &I, unsigned Size);
  void store(const PreInst &I, unsigned Size);
  void atomic(const PreInst &I, unsigned Size);
  /// Marks an access of guest memory.
  template <class T> T *inGuest(T *Access) {
    Access->setMetadata(llvm::LLVMContext::MD_noalias, C.NotGuest);
    return Access;
  }

  // LowerCalls.cpp
  llvm::Value *own(llvm::Type *T, llvm::Value *From, int64_t Offset,
                   bool Constant = false);
  void setOwn(llvm::Value *V, llvm::Value *From, int64_t Offset);
  llvm::Value *state(llvm::Type *T, size_t Offset, bool Constant = false);
  llvm::Value *stateOf(llvm::Type *T, size_t Table, uint32_t Map);
  void setState(llvm::Value *V, size_t Offset);
  /// From guest address 0.
  int64_t inState(size_t Offset) const;
  void ret(llvm::Value *R0, llvm::Value *StillLeft, Leave Why);
  void saveStack();
  llvm::BasicBlock *slow();
  void handOver();
  void require(llvm::Value *Good);
  llvm::Value *service(size_t Pointer, llvm::ArrayRef<llvm::Value *> Args,
                       bool RunsCode);
  void leaveIf(llvm::Value *Condition);
  void answer(llvm::Value *R0);
  void helper(const PreInst &I);
  llvm::Value *callHelper(const PreInst &I);
  bool lookup();
  bool lookupInArray(uint32_t Map, const KnownArray &Known);
  bool lookupIn(uint32_t Map);
  void tailCall();
  void packetLoad(const PreInst &I, unsigned Size);
  void call(const PreInst &I);
  void mayGoto(const PreInst &I);

  llvm::ConstantInt *number(uint64_t V) { return B.getInt64(V); }
  /// A count of bytes for LLVM's operations on memory.
  llvm::ConstantInt *bytes(int Count) {
    return U.NarrowPointers ? B.getInt32(unsigned(Count))
                            : B.getInt64(unsigned(Count));
  }
  llvm::BasicBlock *newBlock(const char *Name);

  LowerContext &C;
  const Unit &U;
  uint32_t Func;
  llvm::ArrayRef<PreInst> Code;
  const Flow &F;
  llvm::Function *Fn;
  llvm::IRBuilder<> B;
  llvm::Value *Base, *Top;
  llvm::Value *GuestEnd;
  llvm::Value *FrameStart;           ///< r10
  llvm::Value *Rights = nullptr;     ///< of guest address 0
  llvm::AllocaInst *Stack = nullptr; ///< the stack, where nobody else sees it
  int StackBytes = 0;                ///< in Stack

  /// The block under translation: registers, and what may still run.
  std::array<llvm::Value *, isa::NumRegs> R;
  llvm::Value *Left;
  uint32_t Inst = 0;
  uint32_t Refund = 0;
  uint16_t Must = 0;
  uint16_t Live = 0; ///< behind Inst
  std::vector<uint16_t> LiveAfter;
  uint32_t First = 0; ///< of the block
  /// Where the interpreter would go on, and with what.
  struct {
    uint32_t Inst;
    uint16_t Must;
    std::array<llvm::Value *, isa::NumRegs> R;
    llvm::Value *Left;
    uint32_t Refund;
  } Restart = {};
  llvm::BasicBlock *Slow = nullptr;    ///< the way there
  llvm::DenseSet<llvm::Value *> Based; ///< below State::GuestEnd

  struct Place {
    llvm::BasicBlock *At = nullptr;
    std::array<llvm::PHINode *, isa::NumRegs> R = {};
    llvm::PHINode *Left = nullptr;
    uint64_t Need = 0; ///< most instructions until the next check
  };
  std::vector<Place> Places; ///< of F.Blocks
  /// What the entry has loaded from tables in State.
  llvm::DenseMap<std::pair<size_t, uint32_t>, llvm::Value *> Loaded;
  llvm::AllocaInst *AnswerAt = nullptr; ///< where services answer in memory
  llvm::DenseMap<llvm::Value *, int> OnStack; ///< distances from r10
  /// Where all ways to the interpreter meet.
  llvm::BasicBlock *Out = nullptr;
  llvm::PHINode *OutInst = nullptr, *OutLeft = nullptr;
  uint16_t Variadic = 0; ///< r3 to r5 where a helper may read them unasked
};

} // namespace bpfcc::jit

#endif
