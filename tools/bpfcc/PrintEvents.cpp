#include "tools/bpfcc/PrintEvents.h"

#include "runtime/interp/Instance.h"
#include "support/Diagnostic.h"
#include "tools/bpfcc/PrintValue.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::tools {

Expected<EventTypes> EventTypes::find(const BtfFile &Btf, const Program &P,
                                      const RunOptions &O) {
  EventTypes Out(Btf, P.BigEndian);
  for (const auto &[Map, Name] : O.EventTypes) {
    if (!Map.empty())
      if (auto Number = requireMap(P, Map); !Number)
        return Number.takeError();
    StringRef Plain = Name;
    for (StringRef Word : {"struct ", "union ", "enum "})
      Plain.consume_front(Word);
    std::string InC = Plain == Name ? "struct " + Name : Name;
    auto It = find_if(Btf.Types, [&](const BtfFile::Type &T) {
      return T.Name == Plain &&
             Btf.sizeOf(uint32_t(&T - Btf.Types.data())) != 0 &&
             T.K != btf::KindVar && T.K != btf::KindDatasec;
    });
    if (It == Btf.Types.end())
      return withHelp(diagError(DiagCode::RunError, {},
                                "--event-type: the object describes no type `" +
                                    Name + "`"),
                      "compile with -g, and keep the type by a variable: `" +
                          InC + " *unused;`");
    Out.Types[Map] = uint32_t(It - Btf.Types.begin());
  }
  return Out;
}

std::string EventTypes::value(StringRef Map, ArrayRef<uint8_t> Bytes) const {
  auto It = Types.find(Map);
  if (It == Types.end())
    It = Types.find("");
  if (It == Types.end())
    return {};
  // Perf buffers pad their records.
  uint64_t Size = Btf->sizeOf(It->second);
  return Size <= Bytes.size()
             ? printValue(*Btf, It->second, Bytes.take_front(Size), BigEndian)
             : std::string();
}

std::string EventTypes::text(StringRef Map, ArrayRef<uint8_t> Bytes) const {
  std::string Text = value(Map, Bytes);
  if (!Text.empty())
    return Text;
  raw_string_ostream OS(Text);
  ListSeparator Space(" ");
  for (uint8_t B : Bytes)
    OS << Space << format_hex_no_prefix(B, 2);
  return Text;
}

} // namespace bpfcc::tools
