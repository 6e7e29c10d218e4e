// Needs: any IR. Gives: IR whose only intrinsics are instructions of BPF.
//
//   umin(a, b)        ->  select (icmp ult a, b), a, b
//   fshl(a, a, n)     ->  (a << n) | (a >> -n)          amounts masked
//   ctpop, ctlz, cttz ->  sums over bit fields (Warren, Hacker's Delight, 5)
//   uadd.with.overflow->  add; icmp ult
//   hints             ->  nothing
//
// Selects and compares made here are lowered by later steps.

#include "backend/prepare/Passes.h"

#include "backend/prepare/Where.h"

#include "llvm/Analysis/InstructionSimplify.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsBPF.h"

namespace bpfcc {

using namespace llvm;

namespace {

class Expander {
public:
  explicit Expander(IntrinsicInst &I)
      : I(I), B(&I), Ty(I.getType()),
        Width(Ty->isIntegerTy() ? Ty->getIntegerBitWidth() : 0) {}

  /// The value that stands for the intrinsic; the intrinsic itself where it is
  /// an instruction of BPF; null where it is not known.
  Value *expand() {
    switch (I.getIntrinsicID()) {
    case Intrinsic::bswap:
      return Width == 16 || Width == 32 || Width == 64 ? &I : swapWide();
    case Intrinsic::umin:
      return choose(CmpInst::ICMP_ULT);
    case Intrinsic::umax:
      return choose(CmpInst::ICMP_UGT);
    case Intrinsic::smin:
      return choose(CmpInst::ICMP_SLT);
    case Intrinsic::smax:
      return choose(CmpInst::ICMP_SGT);
    case Intrinsic::scmp:
    case Intrinsic::ucmp:
      return threeWay();
    case Intrinsic::abs: {
      Value *Negative = B.CreateICmpSLT(arg(0), constant(0));
      return B.CreateSelect(Negative, B.CreateNeg(arg(0)), arg(0));
    }
    case Intrinsic::fshl:
    case Intrinsic::fshr:
      return funnel();
    case Intrinsic::ctpop:
      return countOnes(arg(0));
    case Intrinsic::cttz: // the zeros below the lowest one
      return countOnes(
          B.CreateAnd(B.CreateNot(arg(0)), B.CreateSub(arg(0), constant(1))));
    case Intrinsic::ctlz:
      return leadingZeros();
    case Intrinsic::bitreverse:
      return reverseBits();
    case Intrinsic::uadd_with_overflow:
    case Intrinsic::sadd_with_overflow:
    case Intrinsic::usub_with_overflow:
    case Intrinsic::ssub_with_overflow:
    case Intrinsic::umul_with_overflow:
    case Intrinsic::smul_with_overflow:
      return withOverflow();
    case Intrinsic::uadd_sat:
      return saturateUnsigned(Instruction::Add, CmpInst::ICMP_ULT,
                              Constant::getAllOnesValue(Ty));
    case Intrinsic::sadd_sat:
    case Intrinsic::ssub_sat:
      return saturateSigned();
    case Intrinsic::ushl_sat: {
      Value *Shifted = B.CreateShl(arg(0), arg(1));
      Value *Fits = B.CreateICmpEQ(B.CreateLShr(Shifted, arg(1)), arg(0));
      return B.CreateSelect(Fits, Shifted, Constant::getAllOnesValue(Ty));
    }
    case Intrinsic::usub_sat: {
      Value *Below = B.CreateICmpULT(arg(0), arg(1));
      return B.CreateSelect(Below, constant(0), B.CreateSub(arg(0), arg(1)));
    }
    case Intrinsic::expect:
    case Intrinsic::expect_with_probability:
    case Intrinsic::ssa_copy:
    case Intrinsic::launder_invariant_group:
    case Intrinsic::strip_invariant_group:
    case Intrinsic::threadlocal_address:
      return arg(0);
    case Intrinsic::bpf_passthrough:
      return arg(1);
    case Intrinsic::preserve_static_offset:
    case Intrinsic::ptr_annotation:
    case Intrinsic::annotation:
    case Intrinsic::arithmetic_fence:
      return arg(0);
    case Intrinsic::ptrmask: {
      Value *Number = B.CreatePtrToInt(arg(0), arg(1)->getType());
      return B.CreateIntToPtr(B.CreateAnd(Number, arg(1)), Ty);
    }
    case Intrinsic::invariant_start:
      return PoisonValue::get(Ty);
    case Intrinsic::is_constant:
      return B.getInt1(isa<ConstantInt, ConstantPointerNull>(arg(0)));
    case Intrinsic::objectsize: {
      bool Minimum = cast<ConstantInt>(arg(1))->isOne();
      return Minimum ? constant(0) : Constant::getAllOnesValue(Ty);
    }
    default:
      return nullptr;
    }
  }

  /// What may be dropped.
  static bool isHint(Intrinsic::ID Id) {
    switch (Id) {
    case Intrinsic::lifetime_start:
    case Intrinsic::lifetime_end:
    case Intrinsic::assume:
    case Intrinsic::experimental_noalias_scope_decl:
    case Intrinsic::var_annotation:
    case Intrinsic::sideeffect:
    case Intrinsic::pseudoprobe:
    case Intrinsic::donothing:
    case Intrinsic::prefetch:
    case Intrinsic::invariant_end:
    case Intrinsic::dbg_declare:
    case Intrinsic::dbg_value:
    case Intrinsic::dbg_label:
    case Intrinsic::dbg_assign:
    case Intrinsic::fake_use:
      return true;
    default:
      return false;
    }
  }

  static bool isInstruction(Intrinsic::ID Id) {
    return Id == Intrinsic::bpf_load_byte || Id == Intrinsic::bpf_load_half ||
           Id == Intrinsic::bpf_load_word;
  }

private:
  Value *arg(unsigned N) const { return I.getArgOperand(N); }
  Constant *constant(uint64_t V) const {
    return ConstantInt::get(arg(0)->getType(), V);
  }

  Value *choose(CmpInst::Predicate P) {
    return B.CreateSelect(B.CreateICmp(P, arg(0), arg(1)), arg(0), arg(1));
  }

  Value *threeWay() {
    bool Signed = I.getIntrinsicID() == Intrinsic::scmp;
    Value *Less = B.CreateICmp(Signed ? CmpInst::ICMP_SLT : CmpInst::ICMP_ULT,
                               arg(0), arg(1));
    Value *Equal = B.CreateICmpEQ(arg(0), arg(1));
    return B.CreateSelect(Less, Constant::getAllOnesValue(Ty),
                          B.CreateSelect(Equal, Constant::getNullValue(Ty),
                                         ConstantInt::get(Ty, 1)));
  }

  Value *funnel() {
    bool Left = I.getIntrinsicID() == Intrinsic::fshl;
    Value *High = arg(0), *Low = arg(1), *Amount = arg(2);
    if (auto *C = dyn_cast<ConstantInt>(Amount)) {
      uint64_t N = C->getValue().urem(Width);
      if (N == 0)
        return Left ? High : Low;
      if (!Left)
        N = Width - N;
      return B.CreateOr(B.CreateShl(High, N), B.CreateLShr(Low, Width - N));
    }
    Constant *Last = ConstantInt::get(Ty, Width - 1);
    if (!isPowerOf2_32(Width)) {
      Value *N = B.CreateURem(Amount, ConstantInt::get(Ty, Width));
      return shiftPair(Left, High, Low, N, B.CreateSub(Last, N));
    }
    Value *N = B.CreateAnd(Amount, Last);
    if (High != Low)
      return shiftPair(Left, High, Low, N, B.CreateXor(N, Last));
    Value *Back = B.CreateAnd(B.CreateNeg(Amount), Last);
    return Left ? B.CreateOr(B.CreateShl(High, N), B.CreateLShr(Low, Back))
                : B.CreateOr(B.CreateShl(High, Back), B.CreateLShr(Low, N));
  }

  /// The other part moves by \p Other + 1 = Width - N in two steps, because a
  /// shift by the width would not give zero.
  Value *shiftPair(bool Left, Value *High, Value *Low, Value *N, Value *Other) {
    if (Left)
      return B.CreateOr(B.CreateShl(High, N),
                        B.CreateLShr(B.CreateLShr(Low, 1), Other));
    return B.CreateOr(B.CreateShl(B.CreateShl(High, 1), Other),
                      B.CreateLShr(Low, N));
  }

  Constant *splat(uint8_t Byte, unsigned Bits) const {
    return ConstantInt::get(I.getContext(),
                            APInt::getSplat(Bits, APInt(8, Byte)));
  }

  bool hasByteTricks() const {
    return Width >= 8 && Width <= 64 && isPowerOf2_32(Width);
  }

  /// Bits \p At to \p At + 63 of \p V.
  Value *limb(Value *V, unsigned At) {
    return B.CreateZExtOrTrunc(At ? B.CreateLShr(V, At) : V, B.getInt64Ty());
  }

  /// The ones in each 64 bits, added.
  Value *countWide(Value *V) {
    Value *Sum = nullptr;
    for (unsigned At = 0; At < Width; At += 64) {
      Value *Ones = countOnesIn(limb(V, At), 64);
      Sum = Sum ? B.CreateAdd(Sum, Ones) : Ones;
    }
    return B.CreateZExtOrTrunc(Sum, Ty);
  }

  /// Each 64 bits reversed, the last first; what that puts above the width at
  /// the low end goes.
  Value *swapWide() {
    unsigned Whole = unsigned(alignTo(Width, 64));
    Type *WholeTy = B.getIntNTy(Whole);
    Value *V = B.CreateZExtOrTrunc(arg(0), WholeTy), *Result = nullptr;
    for (unsigned At = 0; At < Whole; At += 64) {
      Value *Swapped = B.CreateZExtOrTrunc(reverse64(limb(V, At)), WholeTy);
      if (unsigned To = Whole - 64 - At)
        Swapped = B.CreateShl(Swapped, To);
      Result = Result ? B.CreateOr(Result, Swapped) : Swapped;
    }
    if (Whole > Width)
      Result = B.CreateLShr(Result, Whole - Width);
    return B.CreateZExtOrTrunc(Result, Ty);
  }

  /// \p V, an i64, with its bits or bytes in the other order.
  Value *reverse64(Value *V) {
    if (I.getIntrinsicID() == Intrinsic::bitreverse)
      V = reverseInBytes(V);
    return B.CreateUnaryIntrinsic(Intrinsic::bswap, V);
  }

  Value *countOnes(Value *V) {
    return hasByteTricks() ? countOnesIn(V, Width) : countWide(V);
  }

  Value *countOnesIn(Value *V, unsigned Bits) {
    auto Mask = [&](uint8_t Byte) { return splat(Byte, Bits); };
    V = B.CreateSub(V, B.CreateAnd(B.CreateLShr(V, 1), Mask(0x55)));
    V = B.CreateAdd(B.CreateAnd(V, Mask(0x33)),
                    B.CreateAnd(B.CreateLShr(V, 2), Mask(0x33)));
    V = B.CreateAnd(B.CreateAdd(V, B.CreateLShr(V, 4)), Mask(0x0f));
    if (Bits == 8)
      return V;
    return B.CreateLShr(B.CreateMul(V, Mask(0x01)), Bits - 8);
  }

  Value *leadingZeros() {
    Value *V = arg(0);
    for (unsigned Shift = 1; Shift < Width; Shift *= 2)
      V = B.CreateOr(V, B.CreateLShr(V, Shift));
    return countOnes(B.CreateNot(V));
  }

  Value *reverseBits() {
    if (!hasByteTricks())
      return swapWide();
    Value *V = reverseInBytes(arg(0));
    return Width == 8 ? V : B.CreateUnaryIntrinsic(Intrinsic::bswap, V);
  }

  Value *reverseInBytes(Value *V) {
    unsigned Bits = V->getType()->getIntegerBitWidth();
    for (auto [Shift, Mask] :
         {std::pair<unsigned, uint8_t>{1, 0x55}, {2, 0x33}, {4, 0x0f}})
      V = B.CreateOr(B.CreateAnd(B.CreateLShr(V, Shift), splat(Mask, Bits)),
                     B.CreateShl(B.CreateAnd(V, splat(Mask, Bits)), Shift));
    return V;
  }

  /// The limit that an overflow goes towards has the sign of the first
  /// operand.
  Value *saturateSigned() {
    bool Add = I.getIntrinsicID() == Intrinsic::sadd_sat;
    Value *Result =
        Add ? B.CreateAdd(arg(0), arg(1)) : B.CreateSub(arg(0), arg(1));
    Value *Limit =
        B.CreateXor(B.CreateAShr(arg(0), Width - 1),
                    ConstantInt::get(Ty, APInt::getSignedMaxValue(Width)));
    return B.CreateSelect(signedOverflow(Add, Result), Limit, Result);
  }

  Value *signedOverflow(bool Add, Value *Result) {
    Value *X = arg(0), *Y = arg(1);
    return B.CreateICmpSLT(B.CreateAnd(B.CreateXor(X, Add ? Result : Y),
                                       B.CreateXor(Add ? Y : X, Result)),
                           constant(0));
  }

  Value *saturateUnsigned(Instruction::BinaryOps Op, CmpInst::Predicate P,
                          Constant *Limit) {
    Value *Sum = B.CreateBinOp(Op, arg(0), arg(1));
    return B.CreateSelect(B.CreateICmp(P, Sum, arg(0)), Limit, Sum);
  }

  /// The pair {value, overflowed}; its users take it apart.
  Value *withOverflow() {
    Value *X = arg(0), *Y = arg(1);
    Value *Result = nullptr, *Over = nullptr;
    switch (I.getIntrinsicID()) {
    case Intrinsic::uadd_with_overflow:
      Result = B.CreateAdd(X, Y);
      Over = B.CreateICmpULT(Result, X);
      break;
    case Intrinsic::usub_with_overflow:
      Result = B.CreateSub(X, Y);
      Over = B.CreateICmpULT(X, Y);
      break;
    case Intrinsic::sadd_with_overflow:
      Result = B.CreateAdd(X, Y);
      Over = signedOverflow(true, Result);
      break;
    case Intrinsic::ssub_with_overflow:
      Result = B.CreateSub(X, Y);
      Over = signedOverflow(false, Result);
      break;
    default:
      widerProduct(X, Y, Result, Over);
    }
    replaceParts(Result, Over);
    if (I.use_empty())
      return PoisonValue::get(Ty);
    Value *Pair = B.CreateInsertValue(PoisonValue::get(Ty), Result, 0);
    return B.CreateInsertValue(Pair, Over, 1);
  }

  void widerProduct(Value *X, Value *Y, Value *&Result, Value *&Over) {
    bool Signed = I.getIntrinsicID() == Intrinsic::smul_with_overflow;
    Type *OpTy = X->getType();
    unsigned OpWidth = OpTy->getIntegerBitWidth();
    Type *Wide = B.getIntNTy(OpWidth <= 32 ? 64 : 2 * OpWidth);
    auto Extend = [&](Value *V) {
      return Signed ? B.CreateSExt(V, Wide) : B.CreateZExt(V, Wide);
    };
    Value *Product = B.CreateMul(Extend(X), Extend(Y));
    Result = B.CreateTrunc(Product, OpTy);
    Over = B.CreateICmpNE(Product, Extend(Result));
  }

  void replaceParts(Value *Result, Value *Over) {
    for (User *U : make_early_inc_range(I.users())) {
      auto *Part = dyn_cast<ExtractValueInst>(U);
      if (!Part)
        continue;
      Part->replaceAllUsesWith(Part->getIndices()[0] == 0 ? Result : Over);
      Part->eraseFromParent();
    }
  }

  IntrinsicInst &I;
  IRBuilder<> B;
  Type *Ty;
  unsigned Width;
};

} // namespace

static bool isTrap(const IntrinsicInst &I) {
  return I.getIntrinsicID() == Intrinsic::trap ||
         I.getIntrinsicID() == Intrinsic::debugtrap ||
         I.getIntrinsicID() == Intrinsic::ubsantrap;
}

/// -ftrap-function=NAME: a trap calls that function first.
static Error callTrapFunction(IntrinsicInst &Trap) {
  Attribute Name = Trap.getFnAttr("trap-func-name");
  if (!Name.isValid())
    return Error::success();
  Function *Handler = Trap.getModule()->getFunction(Name.getValueAsString());
  if (!Handler || Handler->isDeclaration() || !Handler->arg_empty())
    return diagError(DiagCode::UndefinedTrap, whereIs(Trap),
                     Name.getValueAsString());
  auto *Call = CallInst::Create(Handler, "", Trap.getIterator());
  Call->setDebugLoc(Trap.getDebugLoc());
  return Error::success();
}

Error expandIntrinsics(Function &F) {
  Error Errors = Error::success();
  SmallVector<IntrinsicInst *, 16> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<IntrinsicInst>(&I))
      if (!Expander::isInstruction(Call->getIntrinsicID()))
        Calls.push_back(Call);
  for (IntrinsicInst *Call : Calls) {
    if (isTrap(*Call))
      Errors = joinErrors(std::move(Errors), callTrapFunction(*Call));
    // A trap ends the program; an UNREACHABLE is what stands for that.
    if (Expander::isHint(Call->getIntrinsicID()) || isTrap(*Call)) {
      Call->replaceAllUsesWith(PoisonValue::get(Call->getType()));
      Call->eraseFromParent();
      continue;
    }
    Value *Result = Expander(*Call).expand();
    if (Result == Call)
      continue;
    bool Unused = Call->use_empty() && !Call->mayHaveSideEffects();
    if (!Result && !Unused) {
      Errors = joinErrors(
          std::move(Errors),
          diagError(DiagCode::UnsupportedIr, whereIs(*Call),
                    "`" + Intrinsic::getBaseName(Call->getIntrinsicID()).str() +
                        "`"));
      continue;
    }
    if (!Call->use_empty())
      Call->replaceAllUsesWith(Result);
    Call->eraseFromParent();
  }
  return Errors;
}

} // namespace bpfcc
