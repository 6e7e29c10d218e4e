// Assembly text at file scope: sections and symbols.
//
//   .text .data .bss .section NAME,"awx",@progbits   where what follows goes
//   .pushsection .popsection .previous
//   .globl .weak .local .hidden .protected .internal
//   .type NAME, @function   .size NAME, . - NAME
//
// needs: items by section
// gives: bytes, relocations and symbols
//
//   .globl f                  ->   .text: 85 10 00 00 ff ff ff ff
//   f: call g                             R_BPF_64_32 g
//                                  f: global, .text + 0

#include "backend/isa/Assembly.h"
#include "backend/isa/Encoding.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace llvm;

namespace bpfcc::isa {

constexpr unsigned SlotBytes = 8;

/// A name with or without quotes, taken off the front of \p Text.
static StringRef takeName(StringRef &Text) {
  Text = Text.ltrim();
  StringRef Name;
  if (Text.starts_with("\"")) {
    Name = Text.take_front(quotedLength(Text));
    Text = Text.drop_front(Name.size());
    Name = Name.drop_front().drop_back();
  } else {
    Name = Text.take_until([](char C) { return C == ',' || C == ' '; });
    Text = Text.drop_front(Name.size());
  }
  Text = Text.ltrim();
  return Name.trim();
}

void Assembly::enter(StringRef Name) {
  Previous = Current;
  for (uint32_t I = 0; I < Sections.size(); ++I)
    if (Sections[I].Out.Name == Name) {
      Current = I;
      return;
    }
  Current = uint32_t(Sections.size());
  AsmSection S;
  S.Name = Name.str();
  bool Bss = Name == ".bss" || Name.starts_with(".bss.");
  S.Type = Bss ? ELF::SHT_NOBITS : ELF::SHT_PROGBITS;
  if (Name == ".text" || Name.starts_with(".text."))
    S.Flags = ELF::SHF_ALLOC | ELF::SHF_EXECINSTR;
  else if (Name.starts_with(".rodata"))
    S.Flags = ELF::SHF_ALLOC;
  else if (Bss || Name.starts_with(".data"))
    S.Flags = ELF::SHF_ALLOC | ELF::SHF_WRITE;
  Sections.push_back({std::move(S), {}, 0});
}

Assembly::SymbolFacts &Assembly::facts(StringRef Name) {
  auto [It, New] = Facts.try_emplace(Name);
  if (New)
    SymbolOrder.push_back(Name.str());
  return It->second;
}

Expected<bool> Assembly::sectionDirective(StringRef Word, StringRef Rest,
                                          StringRef S) {
  auto Done = [](Error E) -> Expected<bool> {
    if (E)
      return std::move(E);
    return true;
  };
  if (Word == ".text" || Word == ".data" || Word == ".bss") {
    enter(Word);
    return true;
  }
  if (Word == ".section" || Word == ".pushsection") {
    if (Word == ".pushsection")
      Pushed.push_back({Current, Previous});
    return Done(section(Rest, S));
  }
  if (Word == ".popsection") {
    if (Pushed.empty())
      return bad(S, "no `.pushsection` before");
    std::tie(Current, Previous) = Pushed.back();
    Pushed.pop_back();
    return true;
  }
  if (Word == ".previous") {
    std::swap(Current, Previous);
    return true;
  }
  if (Word == ".type")
    return Done(type(Rest, S));
  if (Word == ".size")
    return Done(size(Rest, S));
  if (Word == ".globl" || Word == ".global" || Word == ".weak" ||
      Word == ".local" || Word == ".hidden" || Word == ".protected" ||
      Word == ".internal")
    return Done(symbols(Word, Rest, S));
  // What only speaks of the source or of the assembler.
  return Word == ".file" || Word == ".ident" || Word == ".addrsig" ||
         Word == ".addrsig_sym";
}

Error Assembly::section(StringRef Rest, StringRef S) {
  StringRef Name = takeName(Rest);
  if (Name.empty())
    return bad(S, "the name of the section is missing");
  size_t Known = Sections.size();
  enter(Name);
  AsmSection &Out = Sections[Current].Out;
  if (!Rest.consume_front(","))
    return Error::success();
  uint64_t Flags = 0;
  for (char C : takeName(Rest))
    switch (C) {
    case 'a':
      Flags |= ELF::SHF_ALLOC;
      break;
    case 'w':
      Flags |= ELF::SHF_WRITE;
      break;
    case 'x':
      Flags |= ELF::SHF_EXECINSTR;
      break;
    case 'M':
      Flags |= ELF::SHF_MERGE;
      break;
    case 'S':
      Flags |= ELF::SHF_STRINGS;
      break;
    default:
      return bad(S, "the section flag `" + Twine(C) + "` is not known");
    }
  Out.Flags = Sections.size() > Known ? Flags : Out.Flags | Flags;
  if (!Rest.consume_front(","))
    return Error::success();
  StringRef Type = takeName(Rest);
  if (Type == "@nobits" || Type == "%nobits")
    Out.Type = ELF::SHT_NOBITS;
  else if (Type == "@progbits" || Type == "%progbits")
    Out.Type = ELF::SHT_PROGBITS;
  else
    return bad(S, "the section type `" + Type + "` is not known");
  if (Rest.consume_front(",") && Rest.trim().getAsInteger(0, Out.EntrySize))
    return bad(S, "the entry size is no number");
  return Error::success();
}

Error Assembly::symbols(StringRef Word, StringRef Rest, StringRef S) {
  do {
    StringRef Name = takeName(Rest);
    if (Name.empty())
      return bad(S, "a name is missing");
    SymbolFacts &F = facts(Name);
    F.Declared = true;
    if (Word == ".globl" || Word == ".global")
      F.Binding = ELF::STB_GLOBAL;
    else if (Word == ".weak")
      F.Binding = ELF::STB_WEAK;
    else if (Word == ".local")
      F.Binding = ELF::STB_LOCAL;
    else
      F.Visibility = StringSwitch<uint8_t>(Word)
                         .Case(".hidden", ELF::STV_HIDDEN)
                         .Case(".protected", ELF::STV_PROTECTED)
                         .Default(ELF::STV_INTERNAL);
  } while (Rest.consume_front(","));
  return Error::success();
}

Error Assembly::type(StringRef Rest, StringRef S) {
  StringRef Name = takeName(Rest);
  Rest.consume_front(",");
  StringRef Type = takeName(Rest);
  if (!Type.consume_front("@") && !Type.consume_front("%"))
    Type.consume_front("STT_");
  std::string Lower = Type.lower();
  uint8_t Value = StringSwitch<uint8_t>(Lower)
                      .Cases({"function", "func"}, ELF::STT_FUNC)
                      .Case("object", ELF::STT_OBJECT)
                      .Case("notype", ELF::STT_NOTYPE)
                      .Default(0xff);
  if (Name.empty() || Value == 0xff)
    return bad(S, "the symbol type `" + Type + "` is not known");
  facts(Name).Type = Value;
  return Error::success();
}

Error Assembly::size(StringRef Rest, StringRef S) {
  StringRef Name = takeName(Rest);
  if (Name.empty() || !Rest.consume_front(","))
    return bad(S, "a name, a comma and a size are missing");
  auto E = expressions(Rest, S);
  if (!E)
    return E.takeError();
  SymbolFacts &F = facts(Name);
  F.Size = std::move(E->front());
  F.Text = S;
  return Error::success();
}

Error Assembly::encodeInst(const Item &I, AsmSection &Out) {
  Inst Inst = I.Inst.I;
  StringRef Symbol = I.Inst.Symbol;
  std::optional<Label> To;
  if (!Symbol.empty())
    To = find({AsmExpr::Node::Symbol, Symbol.str(), 0, I.Labels});
  Form F = form(Inst.Opcode);
  bool Reaches = To && Sections[To->Section].Out.Name == Out.Name;
  if (auto Known = Facts.find(Symbol); Known != Facts.end() && F == Form::Call)
    Reaches &= Known->second.Binding == ELF::STB_LOCAL;
  if (!Symbol.empty() && (F == Form::Imm64 || !Reaches)) {
    if (F != Form::Imm64 && F != Form::Call)
      return bad(I.Text, "no label `" + Symbol + "` in this section");
    AsmRelocation R{F == Form::Call ? AsmRelocation::Call
                                    : AsmRelocation::Address,
                    I.At, Symbol.str(), 0, F == Form::Call ? 0 : Inst.Imm};
    if (To && !Facts.contains(Symbol)) {
      R.Symbol.clear();
      R.Section = To->Section;
      R.Addend += int64_t(To->At);
    }
    Out.Relocs.push_back(std::move(R));
    Inst.Imm = 0;
    if (F == Form::Call)
      Inst.Opcode = Op::CALL_SUBPROG;
  } else if (!Symbol.empty()) {
    AsmResult One;
    if (Error E = resolve(I, One))
      return E;
    Inst = One.Insts[0];
  }
  SmallVector<uint8_t, 16> Bytes;
  encode(Inst, BigEndian, Bytes);
  Out.Bytes.insert(Out.Bytes.end(), Bytes.begin(), Bytes.end());
  return Error::success();
}

Error Assembly::encodeNumber(const Item &I, const Item::Patch &P,
                             AsmSection &Out) {
  auto V = evaluate(placed(P.Value), [](const auto &) { return std::nullopt; });
  if (!V)
    return bad(P.Text, "a number that cannot be known");
  uint64_t At = I.At + P.At;
  if (V->Base.empty()) {
    putNumber(&Out.Bytes[At], P.Size, uint64_t(V->Number), BigEndian);
    return Error::success();
  }
  if (P.Size != 4 && P.Size != 8)
    return bad(P.Text, "an address needs 4 or 8 bytes");
  AsmRelocation R{P.Size == 4 ? AsmRelocation::Word4 : AsmRelocation::Word8,
                  At,
                  {},
                  0,
                  V->Number};
  StringRef Base = V->Base;
  if (Base.consume_front(".#"))
    Base.getAsInteger(10, R.Section);
  else if (Base != ".")
    R.Symbol = Base.str();
  Out.Relocs.push_back(std::move(R));
  return Error::success();
}

Error Assembly::encodeItems(const Section &From, AsmSection &Out) {
  for (const Item &I : From.Items) {
    if (I.IsInst) {
      if (I.At % SlotBytes)
        return bad(I.Text, "an instruction that is not aligned,");
      if (Error E = encodeInst(I, Out))
        return E;
      continue;
    }
    Out.Bytes.insert(Out.Bytes.end(), I.Bytes.begin(), I.Bytes.end());
    for (const Item::Patch &P : I.Patches)
      if (Error E = encodeNumber(I, P, Out))
        return E;
  }
  return Error::success();
}

Error Assembly::addSymbols(AsmModule &Out) {
  for (const std::string &Name : SymbolOrder) {
    const SymbolFacts &F = Facts.find(Name)->second;
    AsmSymbol S{Name, -1, {}, 0, 0, F.Binding, F.Type, F.Visibility};
    if (auto L = Labels.find(Name); L != Labels.end()) {
      S.Section = int32_t(L->second.Section);
      S.Value = L->second.At;
    }
    auto Value = Scope->Names.find(Name);
    if (Value != Scope->Names.end()) {
      auto V = evaluate(placed(Value->second),
                        [](const auto &) { return std::nullopt; });
      StringRef Base = V ? StringRef(V->Base) : StringRef();
      if (Base.empty())
        return bad(Name, "a symbol that is no place");
      S.Value = uint64_t(V->Number);
      if (Base == ".")
        S.Section = 0;
      else if (!Base.consume_front(".#") || Base.getAsInteger(10, S.Section))
        S.Alias = Base.str();
    }
    if (!F.Size.Nodes.empty()) {
      auto V =
          evaluate(placed(F.Size), [](const auto &) { return std::nullopt; });
      if (!V || !V->Base.empty())
        return bad(F.Text, "the size is no number");
      S.Size = uint64_t(V->Number);
    }
    Out.Symbols.push_back(std::move(S));
  }
  return Error::success();
}

Expected<AsmModule> Assembly::runModule(StringRef Text) {
  if (Error E = all(splitStatements(Text)))
    return std::move(E);
  AsmModule Out;
  for (Section &S : Sections) {
    if (S.Out.Flags & ELF::SHF_EXECINSTR)
      S.Out.Align = std::max<uint64_t>(S.Out.Align, SlotBytes);
    Out.Sections.push_back(S.Out);
    if (Error E = encodeItems(S, Out.Sections.back()))
      return std::move(E);
  }
  if (Error E = addSymbols(Out))
    return std::move(E);
  Out.Scope = Scope;
  return std::move(Out);
}

Expected<AsmModule> assembleModule(StringRef Text, bool BigEndian) {
  return Assembly(BigEndian, /*Module=*/true).runModule(Text);
}

} // namespace bpfcc::isa
