// Variables of section .kconfig: what a program asks about its kernel.
//
// They are undefined symbols; .BTF lists them in a DATASEC of that name. Each
// gets a place in one read-only map, as libbpf does it:
//
//   extern int LINUX_KERNEL_VERSION __kconfig;     major << 16 | minor << 8
//   extern bool CONFIG_BPF_JIT __kconfig __weak;   false if nothing is said

#include "backend/btf/Kconfig.h"
#include "runtime/load/Loader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

using namespace llvm;

namespace bpfcc {

Expected<std::vector<uint8_t>>
Loader::kconfigValue(const std::string &Name, uint32_t Type, bool Weak) const {
  constexpr uint64_t MaxSize = 1 << 16;
  uint64_t Size = Btf.sizeOf(Type);
  if (Size > MaxSize)
    return bad("`" + Name + "` has " + Twine(Size) + " bytes");
  std::vector<uint8_t> Bytes(Size);
  uint64_t Number = 0;
  if (Name == "LINUX_KERNEL_VERSION") {
    Number = Options.KernelVersion;
  } else {
    auto It = Options.Kconfig.find(Name);
    if (It == Options.Kconfig.end()) {
      // LINUX_HAS_...: what libbpf finds out about the kernel; all recent ones
      // have them.
      if (StringRef(Name).starts_with("LINUX_HAS_"))
        Number = 1;
      else if (!Weak)
        return bad("`" + Name + "` has no value; declare it __weak");
    } else if (Btf.type(Btf.strip(Type)).K == btf::KindArray) {
      StringRef Text = StringRef(It->second).trim('"').take_front(Size);
      std::copy(Text.begin(), Text.end(), Bytes.begin());
      return Bytes;
    } else if (It->second == "y") {
      Number = 1; // TRI_YES
    } else if (It->second == "m") {
      Number = 2; // TRI_MODULE
    } else if (It->second != "n" &&
               StringRef(It->second).getAsInteger(0, Number)) {
      return bad("`" + Name + "`: `" + It->second + "` is no number");
    }
  }
  // enum libbpf_tristate: TRI_NO 0, TRI_YES 1, TRI_MODULE 2.
  if (Size > 8)
    return Bytes;
  for (uint64_t N = 0; N != Size; ++N)
    Bytes[O.BigEndian ? Size - 1 - N : N] = uint8_t(Number >> (8 * N));
  return Bytes;
}

Error Loader::addKconfig() {
  auto Find = [&](StringRef Name) -> const Symbol * {
    for (const Symbol &S : reverse(O.Symbols))
      if (S.Section == -1 && S.Name == Name)
        return &S;
    return nullptr;
  };
  std::vector<uint8_t> Value;
  for (const KconfigVariable &V : layOutKconfig(Btf, Find)) {
    std::string Name = V.Name.str();
    auto Bytes =
        kconfigValue(Name, V.Type, Find(V.Name)->Binding == ELF::STB_WEAK);
    if (!Bytes)
      return Bytes.takeError();
    Value.resize(V.Offset);
    KconfigOffset[Name] = V.Offset;
    Value.insert(Value.end(), Bytes->begin(), Bytes->end());
  }
  if (Value.empty())
    return Error::success();
  MapDef Def;
  Def.Name = ".kconfig";
  Def.Type = ArrayMapType;
  Def.KeySize = 4;
  Def.ValueSize = uint32_t(Value.size());
  Def.MaxEntries = 1;
  Def.Flags = MapReadOnlyForPrograms;
  KconfigMap = uint32_t(P.Maps.size());
  P.Initial.push_back({KconfigMap, std::vector<uint8_t>(4), std::move(Value)});
  P.Maps.push_back(std::move(Def));
  return Error::success();
}

} // namespace bpfcc
