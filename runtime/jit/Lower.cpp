// BPF to LLVM's IR: functions, blocks and jumps.
//
// Needs a Unit; gives a module with one function for each subprogram,
//
//     { r0, left, leave } @call0(ptr base, ptr top, i64 left, i64 r1, ...)
//
// where base is the host address of guest address 0 (State lies before it),
// top the innermost frame and left what may still run. Registers become SSA
// values: a block starts with a phi for each register that it reads or passes
// on. `r1 += 5; if w1 > 9 goto L` is
//
//     %1 = add i64 %r1, 5
//     %2 = trunc i64 %1 to i32
//     %3 = icmp ugt i32 %2, 9
//     br i1 %3, label %L, label %next
//
// Instructions are counted exactly, but compared with the limit only at the
// start of a function, of a loop's round, and behind calls: the function goes
// on there if the longest way to the next such place can be paid, and the
// interpreter does otherwise. It says where the run ends.
//
// Whatever cannot go on (a failed check, an instruction that is left to the
// interpreter) goes to a block that stores the registers that are still read,
// puts back what was charged for, and leaves. Callers see that by the third
// result, complete their own frames and leave as well. The interpreter goes on
// behind the last store, or at the block's start: it does again what changes
// nothing, and many checks share one way out.

#include "runtime/jit/LoopLimits.h"
#include "runtime/jit/LowerFunction.h"

#include "backend/target/Helpers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace bpfcc::jit {

std::string callName(uint32_t Func) { return "call" + std::to_string(Func); }
std::string bodyName(uint32_t Func) { return "body" + std::to_string(Func); }

constexpr uint32_t TracePrintkHelper = 6;

bool runsCode(const PreInst &I) {
  if (I.What != Sem::CALL_HELPER)
    return I.What == Sem::CALL_SUBPROG;
  const target::HelperInfo *H = target::helperById(uint32_t(I.Imm));
  return !H || is_contained(H->Args, target::ArgKind::Func);
}

LowerContext::LowerContext(const Unit &U, Lowered &Out)
    : U(U), M(*Out.Module), Sites(Out.Sites) {
  LLVMContext &L = *Out.Context;
  I64 = Type::getInt64Ty(L);
  I32 = Type::getInt32Ty(L);
  I8 = Type::getInt8Ty(L);
  Ptr = PointerType::get(L, 0);
  MayRun = mayRun(M);
  Result = StructType::get(I64, I64, I64);
  Answer = StructType::get(I64, I64);
  MDBuilder MD(L);
  MDNode *Domain = MD.createAnonymousAliasScopeDomain();
  auto Scope = [&] {
    return MDNode::get(L, {MD.createAnonymousAliasScope(Domain)});
  };
  OwnScope = Scope();
  RightsScope = Scope();
  NotGuest = MDNode::concatenate(OwnScope, RightsScope);
  Empty = MDNode::get(L, {});
  Often = MD.createLikelyBranchWeights();
  Seldom = MD.createUnlikelyBranchWeights();
}

FunctionType *LowerContext::typeOf(uint32_t Func) const {
  unsigned Last = 1; // a tail call gives r1
  for (unsigned N = 2; N <= 5; ++N)
    if (U.Flows[Func].Required >> N & 1)
      Last = N;
  SmallVector<Type *, 8> Args = {Ptr, Ptr, I64};
  Args.append(Last, I64);
  return FunctionType::get(Result, Args, false);
}

FunctionLowering::FunctionLowering(LowerContext &C, uint32_t Func, Function *Fn)
    : C(C), U(C.U), Func(Func), Code(U.Code.Funcs[Func]), F(U.Flows[Func]),
      Fn(Fn), B(Fn->getContext()), Base(Fn->getArg(0)), Top(Fn->getArg(1)),
      Left(Fn->getArg(2)), Places(F.Blocks.size()) {}

BasicBlock *FunctionLowering::newBlock(const char *Name) {
  return BasicBlock::Create(Fn->getContext(), Name, Fn);
}

void FunctionLowering::run() {
  findNeeds();
  enter();
  for (size_t N = 0; N != F.Blocks.size(); ++N)
    if (F.Blocks[N].Reached)
      place(F.Blocks[N], Places[N]);
  jump(0);
  for (const Block &Each : F.Blocks)
    if (Each.Reached)
      block(Each);
  EliminateUnreachableBlocks(*Fn);
}

/// A block with phis for what is read in it or behind it.
void FunctionLowering::place(const Block &Each, Place &At) {
  At.At = newBlock("block");
  IRBuilder<> Start(At.At);
  uint16_t LiveIn = Each.Uses | (Each.LiveOut & ~Each.Kills) | Variadic;
  for (unsigned N = 0; N != isa::R10; ++N)
    if (LiveIn >> N & 1)
      At.R[N] = Start.CreatePHI(C.I64, 2);
  At.Left = Start.CreatePHI(C.I64, 2);
}

/// What stands before the first block.
void FunctionLowering::enter() {
  B.SetInsertPoint(newBlock("entry"));
  R.fill(number(0));
  for (unsigned N = 3; N != Fn->arg_size(); ++N)
    if (F.Required >> (N - 2) & 1)
      R[N - 2] = Fn->getArg(N);
  FrameStart = own(C.I64, Top, offsetof(Frame, StackTop), true);
  R[isa::R10] = FrameStart;
  OnStack[FrameStart] = 0;
  if (!U.Verified)
    Rights = state(C.Ptr, offsetof(State, Rights), true);
  GuestEnd = U.InPlace ? number(U.Code.Env.Mem.size())
                       : state(C.I64, offsetof(State, GuestEnd), true);
  int Lowest = 0;
  for (const PreInst &I : Code) {
    if (I.Reads >> isa::R10 & 1)
      Lowest = std::min<int>(Lowest, std::max<int>(I.Off, -int(StackSize)));
    if (I.What == Sem::CALL_HELPER && I.Imm == TracePrintkHelper)
      Variadic = 0x38;
  }
  if (F.StackEscapes) {
    Value *Zeroes = guest(FrameStart, -int64_t(F.StackBytes));
    B.CreateMemSet(Zeroes, B.getInt8(0), bytes(int(F.StackBytes)), Align(1));
  } else if (Lowest) {
    StackBytes = -Lowest;
    Stack = B.CreateAlloca(ArrayType::get(C.I8, unsigned(StackBytes)));
    B.CreateMemSet(Stack, B.getInt8(0), bytes(StackBytes), Align(1));
  }
}

/// Whether what may still run is compared with what comes when block \p N
/// starts.
bool FunctionLowering::isCheckPoint(uint32_t N) const {
  const Block &Each = F.Blocks[N];
  return N == 0 || Each.IsLoop || runsCode(Code[Each.First - 1]);
}

static bool changesMemory(Sem S) {
  return S == Sem::STORE || S == Sem::STORE_REL ||
         (S >= Sem::ATOMIC_ADD && S <= Sem::CMPXCHG);
}

void FunctionLowering::findNeeds() {
  for (size_t N = F.Blocks.size(); N--;) {
    const Block &Each = F.Blocks[N];
    const PreInst &Last = Code[Each.End - 1];
    uint64_t Most = 0;
    auto Follow = [&](uint32_t To) {
      if (To < Code.size() && F.BlockAt[To] > N && F.BlockAt[To] != ~0u &&
          !isCheckPoint(F.BlockAt[To]))
        Most = std::max(Most, Places[F.BlockAt[To]].Need);
    };
    Follow(Each.End);
    if (Last.What == Sem::GOTOX)
      for_each(U.Code.P.Subprogs[Func].JumpTargets, Follow);
    else if (Last.Why == Trap::None && Last.What >= Sem::JEQ &&
             Last.What <= Sem::MAY_GOTO)
      Follow(Last.Target);
    Places[N].Need = Most + costOf(Code, Each);
  }
}

void FunctionLowering::block(const Block &Each) {
  const Place &At = Places[F.BlockAt[Each.First]];
  B.SetInsertPoint(At.At);
  Based.clear();
  for (unsigned N = 0; N != isa::R10; ++N)
    R[N] = At.R[N] ? static_cast<Value *>(At.R[N]) : number(0);
  Left = At.Left;

  LiveAfter.resize(Each.End - Each.First);
  uint16_t After = Each.LiveOut | Variadic;
  for (uint32_t N = Each.End; N-- != Each.First;) {
    LiveAfter[N - Each.First] = After;
    After = F.liveBefore(Code[N], After, U.Flows) | Variadic;
  }
  First = Each.First;
  Must = Each.Must;
  Refund = 0;
  restartAt(Each.First);
  charge(Each);
  for (Inst = Each.First; Inst != Each.End; ++Inst) {
    if (!instruction(Code[Inst]))
      return;
    Must = writtenAfter(Code[Inst], Must, U.Flows);
    --Refund;
    if (changesMemory(Code[Inst].What))
      restartAt(Inst + 1);
  }
  jump(Each.End);
}

void FunctionLowering::charge(const Block &Each) {
  uint32_t N = F.BlockAt[Each.First];
  if (isCheckPoint(N) && Places[N].Need)
    require(B.CreateCall(C.MayRun, {Left, number(Places[N].Need)}));
  Refund = costOf(Code, Each);
  Left = B.CreateSub(Left, number(Refund));
}

/// From here on the interpreter would go on at instruction \p N.
void FunctionLowering::restartAt(uint32_t N) {
  Restart = {N, Must, R, Left, Refund};
  Slow = nullptr;
}

/// Tells the block of instruction \p To what it gets from here; gives it.
BasicBlock *FunctionLowering::edge(uint32_t To) {
  const Place &At = Places[F.BlockAt[To]];
  for (unsigned N = 0; N != isa::R10; ++N)
    if (At.R[N])
      At.R[N]->addIncoming(R[N], B.GetInsertBlock());
  At.Left->addIncoming(Left, B.GetInsertBlock());
  return At.At;
}

void FunctionLowering::jump(uint32_t To) { B.CreateBr(edge(To)); }

void FunctionLowering::jumpByTable(const PreInst &I) {
  ArrayRef<uint32_t> Targets = U.Code.P.Subprogs[Func].JumpTargets;
  SwitchInst *Jump = B.CreateSwitch(R[I.Dst], slow(), unsigned(Targets.size()));
  for (uint32_t To : Targets)
    Jump->addCase(B.getInt64(instAddress(Func, To)), edge(To));
}

/// Translates one instruction; false if the block ends with it.
bool FunctionLowering::instruction(const PreInst &I) {
  bool IsHelper = I.What == Sem::CALL_HELPER && I.Imm != TailCallHelper;
  if (I.Why != Trap::None || (!IsHelper && (F.readsOf(I, U.Flows) & ~Must)))
    return handOver(), false;
  unsigned Size = isa::accessBytes(isa::info(I.Opcode).Opcode);
  Sem S = I.What;
  if (isa::isArithmetic(S) && S != Sem::CAST)
    return R[I.Dst] = arithmetic(I), true;
  if (isa::isCondition(S)) {
    bool Wide = isa::meaning(I.Opcode).Is64;
    Value *Taken = compare(S, first(I, Wide), second(I, Wide));
    BasicBlock *To = edge(I.Target);
    B.CreateCondBr(Taken, To, edge(Inst + 1));
    return false;
  }
  switch (S) {
  case Sem::LOAD:
  case Sem::LOADSX:
  case Sem::LOAD_ACQ:
    return load(I, Size), true;
  case Sem::STORE:
  case Sem::STORE_REL:
    return store(I, Size), true;
  case Sem::ATOMIC_ADD:
  case Sem::ATOMIC_OR:
  case Sem::ATOMIC_AND:
  case Sem::ATOMIC_XOR:
  case Sem::FETCH_ADD:
  case Sem::FETCH_OR:
  case Sem::FETCH_AND:
  case Sem::FETCH_XOR:
  case Sem::XCHG:
  case Sem::CMPXCHG:
    if (U.BigEndian)
      return handOver(), false;
    return atomic(I, Size), true;
  case Sem::LD_MAP_VALUE:
  case Sem::LD_MAP_IDX_VALUE:
    return R[I.Dst] = mapValue(I), true;
  case Sem::LD_IMM64:
  case Sem::LD_MAP_FD:
  case Sem::LD_FUNC:
  case Sem::LD_MAP_IDX:
    return R[I.Dst] = number(uint64_t(I.Imm)), true;
  case Sem::CAST:
    return R[I.Dst] = cast(I), true;
  case Sem::LD_ABS:
  case Sem::LD_IND:
    return packetLoad(I, Size), true;
  case Sem::JA:
    return jump(I.Target), false;
  case Sem::MAY_GOTO:
    return mayGoto(I), false;
  case Sem::GOTOX:
    return jumpByTable(I), false;
  case Sem::CALL_HELPER:
    return I.Imm == TailCallHelper ? tailCall() : helper(I), true;
  case Sem::CALL_SUBPROG:
    if (!U.isTranslated(uint32_t(I.Imm)))
      return handOver(), false;
    return call(I), true;
  case Sem::EXIT:
    return ret(R[isa::R0], Left, NotLeft), false;
  default: // what exists in the kernel only
    return handOver(), false;
  }
}

/// uint64_t enter(State *, code): starts a run, and leaves behind in State what
/// has changed.
static void makeEnter(LowerContext &C) {
  auto *T = FunctionType::get(C.I64, {C.Ptr, C.Ptr}, false);
  Function *Fn = Function::Create(T, Function::ExternalLinkage, EnterName, C.M);
  Fn->addFnAttr(Attribute::NoUnwind);
  IRBuilder<> B(BasicBlock::Create(Fn->getContext(), "entry", Fn));
  Value *S = Fn->getArg(0);
  auto Field = [&](size_t Offset) {
    return B.CreateConstGEP1_64(C.I8, S, Offset);
  };
  B.CreateStore(B.getInt32(Returned), Field(offsetof(State, Status)));
  SmallVector<Value *, 8> Args = {
      Field(C.U.StateDistance),
      B.CreateLoad(C.Ptr, Field(offsetof(State, Run.Top))),
      B.CreateLoad(C.I64, Field(offsetof(State, Run.Left)))};
  for (unsigned N = isa::R1; N <= isa::R5; ++N)
    Args.push_back(B.CreateLoad(C.I64, Field(offsetof(State, R) + 8 * N)));
  // Functions take fewer if they need fewer.
  SmallVector<Type *, 8> Types = {C.Ptr, C.Ptr, C.I64};
  Types.append(5, C.I64);
  Value *V = B.CreateCall(FunctionType::get(C.Result, Types, false),
                          Fn->getArg(1), Args);
  B.CreateStore(B.CreateExtractValue(V, 1), Field(offsetof(State, Run.Left)));
  B.CreateRet(B.CreateExtractValue(V, 0));
}

/// Calls the body of \p Func, and what it leaves for by a tail call.
static void makeTailLoop(LowerContext &C, Function *Call, Function *Body) {
  BasicBlock *Entry = BasicBlock::Create(Call->getContext(), "entry", Call);
  BasicBlock *Test = BasicBlock::Create(Call->getContext(), "test", Call);
  BasicBlock *Again = BasicBlock::Create(Call->getContext(), "again", Call);
  BasicBlock *Done = BasicBlock::Create(Call->getContext(), "done", Call);
  IRBuilder<> B(Entry);
  SmallVector<Value *, 8> Args;
  for (Argument &A : Call->args())
    Args.push_back(&A);
  Value *FirstResult = B.CreateCall(Body, Args);
  B.CreateBr(Test);
  B.SetInsertPoint(Test);
  PHINode *V = B.CreatePHI(C.Result, 2);
  V->addIncoming(FirstResult, Entry);
  Value *IsTail =
      B.CreateICmpEQ(B.CreateExtractValue(V, 2), B.getInt64(LeftByTail));
  B.CreateCondBr(IsTail, Again, Done);
  B.SetInsertPoint(Again);
  int64_t Scratch =
      int64_t(offsetof(State, Scratch)) - int64_t(C.U.StateDistance);
  Value *R1 = B.CreateLoad(
      C.I64, B.CreateConstGEP1_64(C.I8, Args[0], uint64_t(Scratch)));
  auto *T = FunctionType::get(C.Result, {C.Ptr, C.Ptr, C.I64, C.I64}, false);
  Value *Code = B.CreateIntToPtr(B.CreateExtractValue(V, 0), C.Ptr);
  V->addIncoming(
      B.CreateCall(T, Code, {Args[0], Args[1], B.CreateExtractValue(V, 1), R1}),
      Again);
  B.CreateBr(Test);
  B.SetInsertPoint(Done);
  B.CreateRet(V);
}

static bool hasTailCall(ArrayRef<PreInst> Code) {
  return any_of(Code, [](const PreInst &I) {
    return I.What == Sem::CALL_HELPER && I.Imm == TailCallHelper;
  });
}

Lowered lower(const Unit &U) {
  Lowered Out;
  Out.Context = std::make_unique<LLVMContext>();
  Out.Module = std::make_unique<Module>("program", *Out.Context);
  LowerContext C(U, Out);
  std::vector<Function *> Bodies;
  for (uint32_t N = 0; N != U.Flows.size(); ++N) {
    Function *Call = nullptr, *Body = nullptr;
    if (U.isTranslated(N)) {
      auto Make = [&](const std::string &Name) {
        auto *Fn =
            Function::Create(C.typeOf(N), Function::ExternalLinkage, Name, C.M);
        Fn->addFnAttr(Attribute::NoUnwind);
        return Fn;
      };
      Call = Body = Make(callName(N));
      if (hasTailCall(U.Code.Funcs[N]))
        makeTailLoop(C, Call, Body = Make(bodyName(N)));
    }
    C.Calls.push_back(Call);
    Bodies.push_back(Body);
    Out.HasBody.push_back(Body != Call);
  }
  makeEnter(C);
  for (uint32_t N = 0; N != Bodies.size(); ++N)
    if (Bodies[N])
      FunctionLowering(C, N, Bodies[N]).run();
  return Out;
}

} // namespace bpfcc::jit
