// The assembler.
//
// needs: pseudo-C text
// gives: instructions, and what they refer to outside the text
//
//   1: r1 += -4                ADD_RI r1, -4
//   if w1 s> 3 goto 1b         JSGT32_RI w1, 3, off -2
//   .byte 0x95, 0; .zero 6     EXIT
//
// Statements become items, with byte offsets, in order; names and distances
// are looked up at the end, when the place of each label is known. Bytes are
// decoded again, slot by slot; a slot that is no instruction stays a number.

#include "backend/isa/Assembly.h"
#include "backend/isa/Encoding.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace bpfcc::isa {

constexpr unsigned SlotBytes = 8;

static bool isWordChar(char C) {
  return isAlnum(C) || C == '_' || C == '.' || C == '$' || C == '@';
}

StringRef takeWord(StringRef &Text) {
  Text = Text.ltrim();
  StringRef Word = Text.take_while(isWordChar);
  Text = Text.drop_front(Word.size()).ltrim();
  return Word;
}

void putNumber(uint8_t *To, unsigned Size, uint64_t Value, bool BigEndian) {
  for (unsigned I = 0; I < Size; ++I)
    To[BigEndian ? Size - 1 - I : I] = uint8_t(Value >> 8 * I);
}

Error Assembly::bad(StringRef Statement, const Twine &Why) const {
  return diagError(DiagCode::BadAssembly, {},
                   (Why + " in `" + Statement + "`").str());
}

Error Assembly::all(Statements S) {
  for (size_t I = 0; I < S.size();) {
    StringRef Rest = S[I];
    if (++Count > MaxStatements)
      return bad(Rest, "more than a million statements");
    StringRef Word = takeWord(Rest);
    while (!Word.empty() && Rest.consume_front(":")) {
      if (Error E = label(Word, S[I]))
        return E;
      Word = takeWord(Rest);
    }
    if (Word.empty() && Rest.empty()) {
      ++I;
      continue;
    }
    Expected<bool> Done = block(S, I, Word, Rest);
    if (!Done)
      return Done.takeError();
    if (*Done)
      continue;
    Done = callMacro(Word, Rest, S[I]);
    if (Done && !*Done && Module)
      Done = sectionDirective(Word, Rest, S[I]);
    if (Done && !*Done)
      Done = dataDirective(Word, Rest, S[I]);
    if (!Done)
      return Done.takeError();
    if (!*Done) {
      const char *Start = Word.empty() ? Rest.data() : Word.data();
      if (Error E = instruction(StringRef(Start, size_t(S[I].end() - Start))))
        return E;
    }
    ++I;
  }
  return Error::success();
}

Error Assembly::label(StringRef Name, StringRef Statement) {
  Label Now{LabelCount, Current, here()};
  if (isDigit(Name.front()))
    Numbered[Name].push_back(Now);
  else if (!Labels.try_emplace(Name, Now).second)
    return bad(Statement, "label `" + Name + "` is defined again");
  else if (!Name.starts_with(".L")) // those are no symbols
    facts(Name);
  ++LabelCount;
  return Error::success();
}

Error Assembly::instruction(StringRef S) {
  AsmTokens Tokens;
  StringRef Unknown;
  if (!tokenize(S, false, Tokens, Unknown))
    return bad(S, "no instruction has `" + Unknown.take_front(1) + "`");
  StringRef Why;
  auto Known = [&](const AsmExpr::Node &N) -> std::optional<AsmValue> {
    auto It = Scope->Names.find(N.Text);
    if (It != Scope->Names.end())
      return evaluate(It->second, [](const auto &) { return std::nullopt; });
    AsmExpr::Node Now = N;
    Now.Labels = LabelCount;
    if (std::optional<Label> L = find(Now))
      return AsmValue{int64_t(L->At), startOf(L->Section)};
    return std::nullopt;
  };
  std::optional<AsmStatement> I = matchInstruction(Tokens, Known, Why);
  if (!I)
    return bad(S, Why);
  items().push_back({here(), true, *I, LabelCount, S, {}, {}});
  here() += slots(I->I.Opcode) * SlotBytes;
  return Error::success();
}

std::optional<Assembly::Label>
Assembly::find(const AsmExpr::Node &Symbol) const {
  StringRef Name = Symbol.Text;
  if (auto It = Labels.find(Name); It != Labels.end())
    return It->second;
  auto Num = Numbered.find(Name.drop_back());
  if (!isDigit(Name.front()) || Num == Numbered.end())
    return std::nullopt;
  // 1f is the next 1:, 1b the last one.
  const auto &Places = Num->second;
  auto Next = partition_point(
      Places, [&](const Label &L) { return L.Order < Symbol.Labels; });
  if (Name.back() == 'f')
    return Next == Places.end() ? std::nullopt : std::optional(*Next);
  return Next == Places.begin() ? std::nullopt : std::optional(Next[-1]);
}

Expected<AsmResult> Assembly::result() {
  AsmResult Out;
  for (const Item &I : items())
    if (Error E = I.IsInst ? resolve(I, Out) : decodeSlots(I, Out))
      return std::move(E);
  return std::move(Out);
}

Error Assembly::resolve(const Item &From, AsmResult &Out) {
  uint32_t Index = uint32_t(Out.Insts.size());
  Inst &I = Out.Insts.emplace_back(From.Inst.I);
  StringRef Symbol = From.Inst.Symbol;
  if (Symbol.empty())
    return Error::success();
  std::optional<Label> To =
      find({AsmExpr::Node::Symbol, Symbol.str(), 0, From.Labels});
  if (!To && isDigit(Symbol.front()))
    return bad(From.Text, "no label `" + Symbol + "`");
  if (!To || form(I.Opcode) == Form::Imm64) {
    Out.References.push_back({Index, Symbol.str()});
    return Error::success();
  }
  int64_t Bytes = int64_t(To->At) - int64_t(From.At) - SlotBytes;
  if (Bytes % SlotBytes)
    return bad(From.Text, "label `" + Symbol + "` is inside an instruction");
  int64_t Distance = Bytes / SlotBytes;
  if (I.Opcode == Op::CALL_HELPER)
    I.Opcode = Op::CALL_SUBPROG;
  if (form(I.Opcode) == Form::JmpL || form(I.Opcode) == Form::Call)
    I.Imm = Distance;
  else if (isInt<16>(Distance))
    I.Off = int16_t(Distance);
  else
    return bad(From.Text, "label `" + Symbol + "` is too far away");
  return Error::success();
}

Error Assembly::decodeSlots(const Item &From, AsmResult &Out) {
  std::vector<uint8_t> Bytes = From.Bytes;
  if (Bytes.size() % SlotBytes)
    return bad(From.Text, Twine(Bytes.size()) +
                              " bytes, which are no whole instructions,");
  std::vector<std::vector<AsmPatch>> Patches(Bytes.size() / SlotBytes);
  for (const Item::Patch &P : From.Patches) {
    AsmExpr E = placed(P.Value);
    auto Value = evaluate(E, [](const auto &) { return std::nullopt; });
    if (Value && Value->Base.empty()) {
      putNumber(&Bytes[P.At], P.Size, uint64_t(Value->Number), BigEndian);
      continue;
    }
    unsigned At = P.At % SlotBytes;
    if (At + P.Size > SlotBytes)
      return bad(P.Text, "a number across two instructions");
    Patches[P.At / SlotBytes].push_back(
        {uint8_t(At), P.Size, std::move(E), P.Text.str()});
  }
  for (size_t Slot = 0; Slot < Patches.size(); ++Slot) {
    auto Rest = ArrayRef(Bytes).drop_front(Slot * SlotBytes);
    auto I = decodeOne(Rest, BigEndian);
    bool Known = bool(I) && Patches[Slot].empty();
    if (Known && slots(I->Opcode) == 2)
      Known = Patches[Slot + 1].empty();
    if (Known) {
      Slot += slots(I->Opcode) - 1;
      Out.Insts.push_back(*I);
      continue;
    }
    consumeError(I.takeError());
    AsmRaw Raw{uint32_t(Out.Insts.size()), {}, std::move(Patches[Slot])};
    std::copy_n(Rest.begin(), SlotBytes, Raw.Bytes.begin());
    Out.Raws.push_back(std::move(Raw));
    Out.Insts.emplace_back();
  }
  return Error::success();
}

Expected<AsmResult> Assembly::run(StringRef Text) {
  if (Error E = all(splitStatements(Text)))
    return std::move(E);
  return result();
}

Expected<AsmResult> assemble(StringRef Text, bool BigEndian,
                             const AsmScope *Scope) {
  Assembly A(BigEndian, /*Module=*/false);
  if (Scope)
    A.use(*Scope);
  return A.run(Text);
}

} // namespace bpfcc::isa
