#include "tools/gen/CTypes.h"

#include "support/Diagnostic.h"

#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SwapByteOrder.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <cstdarg>

using namespace llvm;

namespace bpfcc::gen {

struct CTypes::State {
  btf *Types = nullptr;
  btf_dump *Dump = nullptr;
  std::string Text; ///< what libbpf prints now

  ~State() {
    btf_dump__free(Dump);
    btf__free(Types);
  }

  static void print(void *Self, const char *Format, va_list Args) {
    va_list Copy;
    va_copy(Copy, Args);
    int Size = vsnprintf(nullptr, 0, Format, Copy);
    va_end(Copy);
    if (Size <= 0)
      return;
    std::string &Text = static_cast<State *>(Self)->Text;
    size_t At = Text.size();
    Text.resize(At + size_t(Size) + 1);
    vsnprintf(&Text[At], size_t(Size) + 1, Format, Args);
    Text.pop_back();
  }

  Error check(int Result) const {
    if (Result >= 0)
      return Error::success();
    return diagError(DiagCode::BadObject, {},
                     "types cannot be written as C: " + sys::StrError(-Result));
  }
};

CTypes::CTypes(std::unique_ptr<State> S) : S(std::move(S)) {}
CTypes::~CTypes() = default;
CTypes::CTypes(CTypes &&) = default;

static int beQuiet(enum libbpf_print_level, const char *, va_list) { return 0; }

Expected<CTypes> CTypes::create(ArrayRef<uint8_t> Btf) {
  libbpf_set_print(beQuiet);
  auto S = std::make_unique<State>();
  S->Types = Btf.empty() ? btf__new_empty()
                         : btf__new(Btf.data(), uint32_t(Btf.size()));
  if (S->Types)
    S->Dump = btf_dump__new(S->Types, State::print, S.get(), nullptr);
  if (!S->Dump)
    return S->check(-errno);
  return CTypes(std::move(S));
}

Expected<std::vector<uint8_t>> readBtfSection(StringRef File) {
  libbpf_set_print(beQuiet);
  btf *Read = btf__parse(File.str().c_str(), nullptr);
  if (!Read) {
    int Why = errno;
    std::string Text = "it is no BTF, or goes on with that of another file";
    if (!sys::fs::exists(File) || Why == EACCES || Why == EISDIR)
      Text = sys::StrError(Why);
    else if (Why == ENOENT)
      Text = "it has no section .BTF";
    return diagError(DiagCode::CannotOpen, {}, File, Text);
  }
  uint32_t Size = 0;
  btf__set_endianness(Read, sys::IsBigEndianHost ? BTF_BIG_ENDIAN
                                                 : BTF_LITTLE_ENDIAN);
  const auto *Bytes = static_cast<const uint8_t *>(btf__raw_data(Read, &Size));
  std::vector<uint8_t> Copy;
  if (Bytes)
    Copy.assign(Bytes, Bytes + Size);
  btf__free(Read);
  return Copy;
}

Expected<std::string> CTypes::declare(uint32_t Id, StringRef Name,
                                      unsigned Indent) {
  std::string Field = Name.str();
  btf_dump_emit_type_decl_opts Options = {};
  Options.sz = sizeof Options;
  Options.field_name = Field.c_str();
  Options.indent_level = int(Indent);
  Options.strip_mods = true;
  S->Text.clear();
  if (Error E = S->check(btf_dump__emit_type_decl(S->Dump, Id, &Options)))
    return std::move(E);
  return std::move(S->Text);
}

Expected<std::string> CTypes::defineAll() {
  S->Text.clear();
  for (uint32_t Id = 1; Id < btf__type_cnt(S->Types); ++Id)
    if (Error E = S->check(btf_dump__dump_type(S->Dump, Id)))
      return std::move(E);
  return std::move(S->Text);
}

Expected<std::string> CTypes::declareTagged(StringRef Tag,
                                            StringRef Attributes) {
  std::string Text;
  for (uint32_t Id = 1; Id < btf__type_cnt(S->Types); ++Id) {
    const btf_type *T = btf__type_by_id(S->Types, Id);
    if (!btf_is_decl_tag(T) || btf_decl_tag(T)->component_idx != -1 ||
        btf__str_by_offset(S->Types, T->name_off) != Tag)
      continue;
    const btf_type *Function = btf__type_by_id(S->Types, T->type);
    if (!btf_is_func(Function))
      continue;
    auto Declared = declare(
        Function->type, btf__str_by_offset(S->Types, Function->name_off), 0);
    if (!Declared)
      return Declared.takeError();
    StringRef NoArguments = *Declared;
    if (NoArguments.consume_back("()"))
      *Declared = NoArguments.str() + "(void)";
    Text += "extern " + *Declared + " " + Attributes.str() + ";\n";
  }
  return Text;
}

} // namespace bpfcc::gen
