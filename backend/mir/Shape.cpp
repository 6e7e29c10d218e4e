#include "backend/mir/Shape.h"

#include "backend/isa/Encoding.h"

namespace bpfcc::mir {

int32_t Function::symbol(llvm::StringRef Name) {
  auto Found = llvm::find(Symbols, Name);
  if (Found == Symbols.end())
    Found = Symbols.insert(Found, Name.str());
  return static_cast<int32_t>(Found - Symbols.begin());
}

llvm::StringRef name(Opcode O) {
  switch (O) {
#define PSEUDO(Name, Mnemonic, Meaning)                                        \
  case Name:                                                                   \
    return Mnemonic;
#include "backend/mir/pseudo.def"
  case NumOpcodes:
    return "?";
  default:
    return isa::info(isaOp(O)).Name;
  }
}

bool isTerminator(Opcode O) {
  if (isPseudo(O))
    return O == UNREACHABLE;
  switch (isa::form(isaOp(O))) {
  case isa::Form::JmpRR:
  case isa::Form::JmpRI:
  case isa::Form::Jmp:
  case isa::Form::JmpL:
  case isa::Form::Exit:
    return true;
  default:
    return O == GOTOX;
  }
}

bool isCall(Opcode O) {
  return O == CALL_HELPER || O == CALL_SUBPROG || O == CALL_KFUNC || O == CALLX;
}

static bool hasForm(Opcode O, isa::Form F) {
  return !isPseudo(O) && isa::form(isaOp(O)) == F;
}

bool isPacketLoad(Opcode O) {
  return hasForm(O, isa::Form::Abs) || hasForm(O, isa::Form::Ind);
}

bool isAtomic(Opcode O) { return hasForm(O, isa::Form::Atomic); }

bool isFetching(Opcode O) {
  switch (O) {
  case FETCH_ADD32:
  case FETCH_ADD64:
  case FETCH_OR32:
  case FETCH_OR64:
  case FETCH_AND32:
  case FETCH_AND64:
  case FETCH_XOR32:
  case FETCH_XOR64:
  case XCHG32:
  case XCHG64:
  case CMPXCHG32:
  case CMPXCHG64:
    return true;
  default:
    return false;
  }
}

bool isCommutative(const Inst &I) { return isCommutative(I.Op) && !I.Ordered; }

bool isCommutative(Opcode O) {
  switch (O) {
  case ADD_RR:
  case ADD32_RR:
  case MUL_RR:
  case MUL32_RR:
  case OR_RR:
  case OR32_RR:
  case AND_RR:
  case AND32_RR:
  case XOR_RR:
  case XOR32_RR:
    return true;
  default:
    return false;
  }
}

bool isTwoAddress(const Inst &I) {
  if (isPseudo(I.Op))
    return false;
  switch (isa::form(isaOp(I.Op))) {
  case isa::Form::RR:
    return I.Uses.size() == 2;
  case isa::Form::RI:
  case isa::Form::R:
    return I.Uses.size() == 1;
  default:
    return false;
  }
}

bool isConstant(const Inst &I) {
  if (I.Op == FRAME_ADDR || I.Op == SYM_ADDR || I.Op == CORE_IMM)
    return true;
  return I.Uses.empty() && (I.Op == MOV_RI || I.Op == MOV32_RI ||
                            hasForm(I.Op, isa::Form::Imm64));
}

Numbers numbers(const Inst &I) {
  switch (I.Op) {
  case ARG:
    return {false, true, true};
  case FRAME_ADDR:
  case SYM_ADDR:
  case CORE_IMM:
    return {false, true, false};
  default:
    break;
  }
  if (isPseudo(I.Op))
    return {};
  switch (isa::form(isaOp(I.Op))) {
  case isa::Form::Load:
  case isa::Form::StoreR:
  case isa::Form::Atomic:
    return {true, false, false};
  case isa::Form::StoreI:
    return {true, true, true};
  case isa::Form::RI:
  case isa::Form::JmpRI:
  case isa::Form::Abs:
  case isa::Form::Ind:
  case isa::Form::CastRR:
    return {false, true, true};
  case isa::Form::R:
    return {false, true, false};
  case isa::Form::Imm64:
  case isa::Form::Call:
    return {false, true, I.Sym == mir::None};
  default:
    return {};
  }
}

} // namespace bpfcc::mir
