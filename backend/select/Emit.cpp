#include "backend/prepare/Where.h"
#include "backend/select/Selector.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/GlobalValue.h"

namespace bpfcc {

using namespace llvm;

static_assert(mir::ADD_RR == mir::ADD_RI + 1 &&
              mir::ADD32_RI == mir::ADD_RI + 2 &&
              mir::JEQ32_RR == mir::JEQ_RI + 3);

mir::Inst &Selector::emit(mir::Opcode Op) {
  mir::Inst I;
  I.Op = Op;
  I.Loc = CurrentLoc;
  std::vector<mir::Inst> &Insts = Out.Blocks[Current].Insts;
  Insts.push_back(std::move(I));
  return Insts.back();
}

mir::Reg Selector::emitRI(mir::Opcode Op, Reg A, int64_t Imm) {
  Reg D = Out.newReg();
  mir::Inst &I = emit(Op);
  I.Defs = {D};
  if (A != mir::NoReg)
    I.Uses = {A};
  I.Imm = Imm;
  return D;
}

mir::Reg Selector::emitRR(mir::Opcode Op, Reg A, Reg B) {
  Reg D = emitRI(Op, A, 0);
  Out.Blocks[Current].Insts.back().Uses.push_back(B);
  return D;
}

mir::Reg Selector::emitR(mir::Opcode Op, Reg A) { return emitRI(Op, A, 0); }

void Selector::emitJump(BlockId To) { emit(mir::JA).Targets = {To}; }

mir::BlockId Selector::newBlock(float Frequency) {
  uint32_t Turns = Out.Blocks.empty() ? 1 : Out.Blocks[Current].Turns;
  Out.Blocks.emplace_back();
  Out.Blocks.back().Frequency = Frequency;
  Out.Blocks.back().Turns = Turns;
  IrBlock.push_back(nullptr);
  return Out.Blocks.size() - 1;
}

void Selector::startBlock(BlockId Id) {
  Current = Id;
  Numbers.clear();
  FrameAddresses.clear();
  SymbolAddresses.clear();
  Extensions.clear();
  KernelAddresses.clear();
}

int32_t Selector::symbol(StringRef Name) {
  auto [It, New] = SymbolIds.try_emplace(Name, Out.Symbols.size());
  if (New)
    Out.Symbols.push_back(Name.str());
  return It->second;
}

int32_t Selector::symbol(const GlobalValue &G) {
  return symbol(GlobalValue::dropLLVMManglingEscape(G.getName()));
}

int32_t Selector::locate(const Instruction &I) {
  const DILocation *L = I.getDebugLoc().get();
  if (!L || !L->getLine())
    return mir::None;
  auto [File, NewFile] =
      FileIds.try_emplace(L->getFilename(), Out.Files.size());
  if (NewFile)
    Out.Files.push_back(L->getFilename().str());
  auto Key = std::tuple(uint32_t(File->second), L->getLine(), L->getColumn());
  auto [It, New] = LocIds.try_emplace(Key, Out.Locs.size());
  if (New)
    Out.Locs.push_back({uint32_t(File->second), L->getLine(), L->getColumn()});
  return It->second;
}

SourceLoc Selector::here() const {
  return CurrentInst ? whereIs(*CurrentInst) : whereIs(F);
}

void Selector::fail(Error E) {
  Failure = joinErrors(std::move(Failure), std::move(E));
}

mir::Reg Selector::unsupported(const Twine &What) {
  fail(diagError(DiagCode::UnsupportedIr, here(), What.str()));
  return emitRI(mir::MOV_RI, mir::NoReg, 0);
}

void Selector::needsLevel(const Twine &What, unsigned Level) {
  fail(diagError(DiagCode::IsaLevel, here(), What.str(),
                 "v" + std::to_string(Level)));
}

} // namespace bpfcc
