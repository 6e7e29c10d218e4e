// Calls, and the ways out of a function.
//
// Helpers, tail calls and loads from the packet are calls of C++ through
// State. A call of a subprogram begins a frame that names the call by its
// CallSite, calls, and where the callee left the run writes what the caller
// knows into the callee's frame before it leaves as well:
//
//     top[1].Func = IsCallSite | site
//     %v = call @call1(base, top + 1, left, r1)
//     br (leave of %v), out, next
//   out:
//     top[1].Saved = r6 to r9, guest stack = stack
//     ret { 0, left, LeftRun }

#include "runtime/jit/LowerFunction.h"

using namespace llvm;

namespace bpfcc::jit {

constexpr int64_t LookupHelper = 1;
constexpr int64_t ProcessorHelper = 8; // bpf_get_smp_processor_id
constexpr uint16_t Kept = 0x3c0;       // r6 to r9

Value *FunctionLowering::own(Type *T, Value *From, int64_t Offset,
                             bool Constant) {
  LoadInst *V =
      B.CreateLoad(T, B.CreateConstGEP1_64(C.I8, From, uint64_t(Offset)));
  V->setMetadata(LLVMContext::MD_alias_scope, C.OwnScope);
  if (Constant)
    V->setMetadata(LLVMContext::MD_invariant_load, C.Empty);
  return V;
}

void FunctionLowering::setOwn(Value *V, Value *From, int64_t Offset) {
  StoreInst *S =
      B.CreateStore(V, B.CreateConstGEP1_64(C.I8, From, uint64_t(Offset)));
  S->setMetadata(LLVMContext::MD_alias_scope, C.OwnScope);
  S->setMetadata(LLVMContext::MD_noalias, C.RightsScope);
}

int64_t FunctionLowering::inState(size_t Offset) const {
  return int64_t(Offset) - int64_t(U.StateDistance);
}

Value *FunctionLowering::state(Type *T, size_t Offset, bool Constant) {
  return own(T, Base, inState(Offset), Constant);
}

void FunctionLowering::setState(Value *V, size_t Offset) {
  setOwn(V, Base, inState(Offset));
}

/// What a table in State, at \p Table, holds for \p Map: loaded in the entry,
/// since it does not change.
Value *FunctionLowering::stateOf(Type *T, size_t Table, uint32_t Map) {
  Value *&V = Loaded[{Table, Map}];
  if (!V) {
    IRBuilderBase::InsertPointGuard Guard(B);
    B.SetInsertPoint(Fn->getEntryBlock().getTerminator());
    V = own(T, state(C.Ptr, Table, true), int64_t(8) * Map, true);
  }
  return V;
}

void FunctionLowering::ret(Value *R0, Value *StillLeft, Leave Why) {
  Value *V = PoisonValue::get(C.Result);
  V = B.CreateInsertValue(V, R0, 0);
  V = B.CreateInsertValue(V, StillLeft, 1);
  B.CreateRet(B.CreateInsertValue(V, number(Why), 2));
}

void FunctionLowering::saveStack() {
  if (!Stack)
    return;
  Value *To = guest(FrameStart, -StackBytes);
  B.CreateMemCpy(To, Align(1), Stack, Align(1), bytes(StackBytes));
}

/// The way to the interpreter.
BasicBlock *FunctionLowering::slow() {
  if (Slow)
    return Slow;
  IRBuilderBase::InsertPointGuard Guard(B);
  if (!Out) {
    Out = newBlock("out");
    B.SetInsertPoint(Out);
    OutInst = B.CreatePHI(C.I32, 4);
    OutLeft = B.CreatePHI(C.I64, 4);
    setState(OutInst, offsetof(State, Inst));
    setState(B.getInt32(Handover), offsetof(State, Status));
    setState(FrameStart, offsetof(State, R) + 8 * isa::R10);
    setState(Top, offsetof(State, Run.Top));
    saveStack();
    ret(number(0), OutLeft, LeftRun);
  }
  Slow = newBlock("slow");
  B.SetInsertPoint(Slow);
  uint32_t N = Restart.Inst;
  uint16_t Needed =
      (F.liveBefore(Code[N], LiveAfter[N - First], U.Flows) | Variadic) &
      Restart.Must;
  for (unsigned R = 0; R != isa::R10; ++R)
    if (Needed >> R & 1)
      setState(Restart.R[R], offsetof(State, R) + 8 * R);
  OutInst->addIncoming(B.getInt32(N), Slow);
  OutLeft->addIncoming(B.CreateAdd(Restart.Left, number(Restart.Refund)), Slow);
  B.CreateBr(Out);
  return Slow;
}

void FunctionLowering::handOver() { B.CreateBr(slow()); }

void FunctionLowering::require(Value *Good) {
  BasicBlock *Next = newBlock("good");
  B.CreateCondBr(Good, Next, slow(), C.Often);
  B.SetInsertPoint(Next);
}

/// Calls C++. The third, if the callee \p RunsCode of the program, counts.
/// Machines of 32 bits give structures back in memory (AAPCS 6.4), the others
/// in two registers.
Value *FunctionLowering::service(size_t Pointer, ArrayRef<Value *> Args,
                                 bool RunsCode) {
  setState(B.getInt32(Inst), offsetof(State, Inst));
  setState(Top, offsetof(State, Run.Top));
  if (RunsCode)
    setState(Left, offsetof(State, Run.Left));
  SmallVector<Value *, 7> All(Args);
  All.resize(5, number(0));
  All.push_back(B.CreateConstGEP1_64(C.I8, Base, uint64_t(inState(0))));
  SmallVector<Type *, 7> Types(5, C.I64);
  Types.push_back(C.Ptr);
  Value *Callee = state(C.Ptr, Pointer, true), *V;
  if (U.NarrowPointers) {
    if (!AnswerAt) {
      BasicBlock &Entry = Fn->getEntryBlock();
      AnswerAt = IRBuilder<>(&Entry, Entry.begin()).CreateAlloca(C.Answer);
    }
    Types.insert(Types.begin(), C.Ptr);
    All.insert(All.begin(), AnswerAt);
    auto *T = FunctionType::get(B.getVoidTy(), Types, false);
    B.CreateCall(T, Callee, All);
    V = B.CreateLoad(C.Answer, AnswerAt);
  } else {
    V = B.CreateCall(FunctionType::get(C.Answer, Types, false), Callee, All);
  }
  if (RunsCode)
    Left = state(C.I64, offsetof(State, Run.Left));
  return V;
}

/// Leaves the run if \p Condition holds.
void FunctionLowering::leaveIf(Value *Condition) {
  BasicBlock *Leave = newBlock("leave"), *Next = newBlock("next");
  B.CreateCondBr(Condition, Leave, Next, C.Seldom);
  B.SetInsertPoint(Leave);
  ret(number(0), Left, LeftRun);
  B.SetInsertPoint(Next);
}

/// What r0 to r5 hold behind a call.
void FunctionLowering::answer(Value *R0) {
  std::fill_n(R.begin(), 6, number(0));
  R[isa::R0] = R0;
}

void FunctionLowering::helper(const PreInst &I) {
  if (I.Imm == ProcessorHelper)
    return answer(B.CreateZExt(state(C.I32, offsetof(State, Cpu)), C.I64));
  if (I.Imm != LookupHelper || !lookup())
    answer(callHelper(I));
}

Value *FunctionLowering::callHelper(const PreInst &I) {
  setState(number(uint64_t(uint32_t(I.Imm))), offsetof(State, Helper));
  Value *V = service(offsetof(State, CallHelper), ArrayRef(R).slice(isa::R1, 5),
                     runsCode(I));
  leaveIf(B.CreateIsNotNull(B.CreateExtractValue(V, 1)));
  return B.CreateExtractValue(V, 0);
}

/// A lookup in a map that is known here.
bool FunctionLowering::lookup() {
  auto *Handle = dyn_cast<ConstantInt>(R[isa::R1]);
  uint32_t N = Handle ? mapNumber(U.Code.Env, Handle->getZExtValue()) : ~0u;
  if (N == ~0u || !(Must >> isa::R2 & 1))
    return false;
  KnownArray Array = knownArray(*U.Code.Env.Maps[N]);
  // Where the code will run there may be any number of processors.
  bool HasTable = Array.Addresses && (U.InPlace || !Array.Cpus);
  return HasTable ? lookupInArray(N, Array) : lookupIn(N);
}

/// The helper without its checks, of a key that needs none.
bool FunctionLowering::lookupIn(uint32_t Map) {
  if (!isSafe(R[isa::R2], 0, U.Code.Env.Maps[Map]->def().KeySize))
    return false;
  Value *V =
      service(offsetof(State, LookupIn), {number(Map), R[isa::R2]}, false);
  answer(B.CreateExtractValue(V, 0));
  return true;
}

/// r0 = Elements[*(u32 *)r2], 0 behind the end. Elements without memory yet
/// are asked for by a call, and all of an array that has no table where the
/// code runs.
bool FunctionLowering::lookupInArray(uint32_t Map, const KnownArray &Known) {
  check(R[isa::R2], 0, 4, false);
  Value *Index =
      ordered(inGuest(B.CreateAlignedLoad(C.I32, guest(R[isa::R2]), Align(1))));
  BasicBlock *Start = B.GetInsertBlock(), *Inside = newBlock("inside"),
             *Missing = newBlock("missing"), *Done = newBlock("found");
  B.CreateCondBr(B.CreateICmpULT(Index, B.getInt32(Known.Size)), Inside, Done,
                 C.Often);
  B.SetInsertPoint(Inside);
  if (Known.Cpus)
    Index = B.CreateAdd(B.CreateMul(Index, B.getInt32(Known.Cpus)),
                        state(C.I32, offsetof(State, Cpu)));
  Value *Table;
  if (U.InPlace) {
    Table = B.CreateIntToPtr(number(uint64_t(Known.Addresses)), C.Ptr);
  } else {
    Table = stateOf(C.Ptr, offsetof(State, Arrays), Map);
    BasicBlock *Given = newBlock("given");
    B.CreateCondBr(B.CreateIsNull(Table), Missing, Given, C.Seldom);
    B.SetInsertPoint(Given);
  }
  LoadInst *Element = B.CreateLoad(
      C.I64, B.CreateGEP(C.I64, Table, B.CreateZExt(Index, C.I64)));
  Element->setMetadata(LLVMContext::MD_alias_scope, C.OwnScope);
  B.CreateCondBr(B.CreateIsNull(Element), Missing, Done, C.Seldom);
  B.SetInsertPoint(Missing);
  Value *Asked = callHelper(Code[Inst]);
  BasicBlock *Found = B.GetInsertBlock();
  B.CreateBr(Done);
  B.SetInsertPoint(Done);
  PHINode *V = B.CreatePHI(C.I64, 3);
  V->addIncoming(number(0), Start);
  V->addIncoming(Element, Element->getParent());
  V->addIncoming(Asked, Found);
  answer(V);
  return true;
}

void FunctionLowering::tailCall() {
  setState(R[isa::R1], offsetof(State, Scratch));
  Value *V =
      service(offsetof(State, TailCall), ArrayRef(R).slice(isa::R1, 3), false);
  leaveIf(B.CreateIsNotNull(B.CreateExtractValue(V, 1)));
  Value *To = B.CreateExtractValue(V, 0);
  BasicBlock *Leave = newBlock("tail"), *Next = newBlock("next");
  B.CreateCondBr(B.CreateIsNull(To), Next, Leave);
  B.SetInsertPoint(Leave);
  ret(To, Left, LeftByTail);
  B.SetInsertPoint(Next);
  answer(number(0));
}

/// Where there are no such bytes, the function returns 0.
void FunctionLowering::packetLoad(const PreInst &I, unsigned Size) {
  Value *Offset = number(uint32_t(I.Imm));
  if (I.What == Sem::LD_IND)
    Offset = B.CreateAnd(B.CreateAdd(R[I.Src], Offset), UINT32_MAX);
  Value *V =
      service(offsetof(State, LoadPacket), {Offset, number(Size)}, false);
  BasicBlock *None = newBlock("none"), *Next = newBlock("next");
  B.CreateCondBr(B.CreateIsNull(B.CreateExtractValue(V, 1)), Next, None);
  B.SetInsertPoint(None);
  ret(number(0), Left, NotLeft);
  B.SetInsertPoint(Next);
  answer(B.CreateExtractValue(V, 0));
}

void FunctionLowering::call(const PreInst &I) {
  uint32_t To = uint32_t(I.Imm);
  require(B.CreateICmpULT(Top, state(C.Ptr, offsetof(State, Run.Last), true)));
  Value *Inner = B.CreateConstGEP1_64(C.I8, Top, sizeof(Frame));
  setOwn(B.getInt32(IsCallSite | uint32_t(C.Sites.size())), Inner,
         offsetof(Frame, Func));
  C.Sites.push_back({To, Inst, Must, Kept});
  if (U.Flows[To].CountsLoops)
    setOwn(B.getInt32(MaxLoops), Inner, offsetof(Frame, Loops));
  Function *Callee = C.Calls[To];
  SmallVector<Value *, 8> Args = {Base, Inner, Left};
  Args.append(&R[isa::R1], &R[isa::R1] + (Callee->arg_size() - Args.size()));
  Value *V = B.CreateCall(Callee, Args);
  Left = B.CreateExtractValue(V, 1);
  BasicBlock *Leave = newBlock("leave"), *Next = newBlock("next");
  B.CreateCondBr(B.CreateIsNull(B.CreateExtractValue(V, 2)), Next, Leave,
                 C.Often);
  B.SetInsertPoint(Leave);
  uint16_t Needed = LiveAfter[Inst - First] & Must;
  for (unsigned N = 0; N != 4; ++N)
    if (Needed >> (isa::R6 + N) & 1)
      setOwn(R[isa::R6 + N], Inner, int64_t(offsetof(Frame, Saved) + 8 * N));
  saveStack();
  ret(number(0), Left, LeftRun);
  B.SetInsertPoint(Next);
  answer(B.CreateExtractValue(V, 0));
}

void FunctionLowering::mayGoto(const PreInst &I) {
  Value *Rounds = own(C.I32, Top, offsetof(Frame, Loops));
  BasicBlock *More = newBlock("more");
  B.CreateCondBr(B.CreateIsNull(Rounds), edge(I.Target), More);
  B.SetInsertPoint(More);
  setOwn(B.CreateSub(Rounds, B.getInt32(1)), Top, offsetof(Frame, Loops));
  jump(Inst + 1);
}

} // namespace bpfcc::jit
