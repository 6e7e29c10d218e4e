#include "backend/btf/BtfText.h"
#include "backend/target/MapTypes.h"
#include "backend/target/ProgTypes.h"
#include "tools/gen/Gen.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace bpfcc::gen {

static StringRef kindName(btf::Kind K) {
  switch (K) {
#define BTF_KIND(Name, Number, Text)                                           \
  case btf::Kind##Name:                                                        \
    return Text;
#include "backend/btf/kinds.def"
  }
  return "?";
}

namespace {
class Printer {
public:
  Printer(const Model &M, json::OStream &J) : M(M), J(J) {}
  void print();

private:
  void program(const Program &P);
  void map(const Map &In);
  void type(uint32_t Id);
  void typeField(StringRef Name, uint32_t Id);

  const Model &M;
  json::OStream &J;
};
} // namespace

void Printer::typeField(StringRef Name, uint32_t Id) {
  J.attributeObject(Name, [&] {
    J.attribute("id", Id);
    J.attribute("c", declareType(M.Btf, Id));
    J.attribute("size", int64_t(M.Btf.sizeOf(Id)));
  });
}

void Printer::program(const Program &P) {
  J.attribute("name", P.Name);
  J.attribute("section", P.Section);
  target::ProgType Type = target::progTypeForSection(P.Section);
  if (const target::ProgTypeInfo *Info = target::progTypeInfo(Type))
    J.attribute("type", StringRef(Info->KernelName).lower());
  J.attribute("autoload", !StringRef(P.Section).starts_with("?"));
  for (const Symbol &S : M.Obj.Symbols)
    if (S.Type == ELF::STT_FUNC && S.Section >= 0 && S.Name == P.Name)
      J.attribute("instructions", int64_t(S.Size / 8));
}

void Printer::map(const Map &In) {
  J.attribute("name", In.Name);
  J.attribute("identifier", In.Ident);
  if (In.StructOps) {
    J.attribute("type", "struct_ops");
    typeField("value", In.StructOps);
    return;
  }
  auto Type = In.Numbers.find("type");
  if (In.Numbers.empty())
    J.attribute("type", "data");
  else if (const target::MapTypeInfo *Info =
               Type == In.Numbers.end()
                   ? nullptr
                   : target::mapTypeInfo(unsigned(Type->second)))
    J.attribute("type", StringRef(Info->KernelName).lower());
  for (const auto &[Name, Value] : In.Numbers)
    if (Name == "type")
      J.attribute("type_number", int64_t(Value));
    else
      J.attribute(Name, int64_t(Value));
  if (In.KeyType)
    typeField("key", In.KeyType);
  if (In.ValueType)
    typeField("value", In.ValueType);
  if (In.Variables.empty())
    return;
  J.attributeArray("variables", [&] {
    for (const Variable &V : In.Variables)
      J.object([&] {
        J.attribute("name", V.Name);
        J.attribute("offset", int64_t(V.Offset));
        J.attribute("size", int64_t(V.Size));
        typeField("type", V.Type);
      });
  });
}

void Printer::type(uint32_t Id) {
  const BtfFile::Type &T = M.Btf.type(Id);
  J.attribute("id", Id);
  J.attribute("kind", kindName(T.K));
  if (!T.Name.empty())
    J.attribute("name", T.Name);
  if (T.K == btf::KindArray)
    J.attribute("length", T.Size);
  else if (T.Size)
    J.attribute("size", T.Size);
  if (T.Target)
    J.attribute("type", T.Target);
  if (T.K == btf::KindInt)
    J.attribute("signed", (T.Encoding & btf::IntSigned) != 0);
  if (T.K == btf::KindDeclTag && T.Component >= 0)
    J.attribute("component", T.Component);
  if (T.Members.empty())
    return;
  bool Values = T.K == btf::KindEnum || T.K == btf::KindEnum64;
  bool Places = T.K == btf::KindStruct || T.K == btf::KindUnion;
  J.attributeArray("members", [&] {
    for (const BtfFile::Member &Field : T.Members)
      J.object([&] {
        if (!Field.Name.empty())
          J.attribute("name", Field.Name);
        if (Values && !T.Flag)
          J.attribute("value", uint64_t(Field.Value));
        else if (Values)
          J.attribute("value", Field.Value);
        else
          J.attribute("type", Field.Type);
        if (Places)
          J.attribute("bit_offset", int64_t(Field.Offset));
        if (Places && Field.Size)
          J.attribute("bits", Field.Size);
      });
  });
}

void Printer::print() {
  J.object([&] {
    J.attribute("name", M.Name);
    J.attribute("byte_order", M.Obj.BigEndian ? "big" : "little");
    if (const Section *S = M.Obj.findSection("license"))
      J.attribute("license",
                  StringRef(reinterpret_cast<const char *>(S->Data.data()),
                            S->Data.size())
                      .take_until([](char C) { return C == 0; }));
    J.attributeArray("programs", [&] {
      for (const Program &P : M.Programs)
        J.object([&] { program(P); });
    });
    J.attributeArray("maps", [&] {
      for (const Map &In : M.Maps)
        J.object([&] { map(In); });
    });
    J.attributeArray("types", [&] {
      for (uint32_t Id = 1; Id < M.Btf.Types.size(); ++Id)
        J.object([&] { type(Id); });
    });
  });
}

Expected<std::string> json(const Model &M) {
  std::string Text;
  raw_string_ostream OS(Text);
  json::OStream J(OS, 2);
  Printer(M, J).print();
  OS << '\n';
  return Text;
}

} // namespace bpfcc::gen
