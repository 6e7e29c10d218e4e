#include "tools/gen/CTypes.h"
#include "tools/gen/Gen.h"

using namespace llvm;

namespace bpfcc::gen {

constexpr const char *Head = R"(#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

)";

constexpr const char *Middle = R"(#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

)";

Expected<std::string> vmlinux(StringRef File) {
  auto Btf = readBtfSection(File);
  if (!Btf)
    return Btf.takeError();
  auto Types = CTypes::create(*Btf);
  if (!Types)
    return Types.takeError();
  auto Defined = Types->defineAll();
  if (!Defined)
    return Defined.takeError();
  auto Functions = Types->declareTagged(
      "bpf_kfunc", "__attribute__((weak, section(\".ksyms\")))");
  if (!Functions)
    return Functions.takeError();
  std::string Text = Head + *Defined + Middle;
  if (!Functions->empty())
    Text += "#ifndef BPF_NO_KFUNC_PROTOTYPES\n" + *Functions + "#endif\n\n";
  return Text + "#endif /* __VMLINUX_H__ */\n";
}

} // namespace bpfcc::gen
