#include "tools/gen/Loader.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/Errno.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cstdarg>

using namespace llvm;

namespace bpfcc::gen {

/// libbpf's printer takes no context: the first warning of this thread.
static std::string &firstWarning() {
  static thread_local std::string Text;
  return Text;
}

static int keepFirstWarning(enum libbpf_print_level Level, const char *Format,
                            va_list Args) {
  if (Level != LIBBPF_WARN)
    return 0;
  char Line[512];
  vsnprintf(Line, sizeof Line, Format, Args);
  StringRef Text = StringRef(Line).rtrim();
  Text.consume_front("libbpf: ");
  if (firstWarning().empty())
    firstWarning() = Text.str();
  return 0;
}

static Error failed(const Model &M, int Number) {
  std::string Why =
      firstWarning().empty() ? sys::StrError(std::abs(Number)) : firstWarning();
  return diagError(DiagCode::BadObject, {},
                   "libbpf makes no loader of `" + M.Name + "`: " + Why);
}

static Loader::Program describe(const bpf_program *P) {
  Loader::Program New;
  New.Name = bpf_program__name(P);
  switch (bpf_program__type(P)) {
  case BPF_PROG_TYPE_RAW_TRACEPOINT:
    New.Attach = Loader::Program::RawTracepoint;
    New.Tracepoint =
        StringRef(bpf_program__section_name(P)).split('/').second.str();
    break;
  case BPF_PROG_TYPE_TRACING:
  case BPF_PROG_TYPE_LSM:
    New.Attach = bpf_program__expected_attach_type(P) == BPF_TRACE_ITER
                     ? Loader::Program::Iterator
                     : Loader::Program::Traced;
    break;
  default:
    break;
  }
  return New;
}

static Loader::Map describe(bpf_map *In) {
  Loader::Map New;
  New.Name = bpf_map__name(In);
  New.ReadOnly = bpf_map__map_flags(In) & BPF_F_RDONLY_PROG;
  size_t Size = 0;
  const void *Value = bpf_map__initial_value(In, &Size);
  if (Value && bpf_map__is_internal(In))
    New.Value.assign(static_cast<const char *>(Value), Size);
  return New;
}

Expected<Loader> makeLoader(const Model &M) {
  firstWarning().clear();
  libbpf_print_fn_t Before = libbpf_set_print(keepFirstWarning);
  scope_exit Restore([&] { libbpf_set_print(Before); });
  bpf_object_open_opts Open = {};
  Open.sz = sizeof Open;
  Open.object_name = M.Name.c_str();
  bpf_object *O = bpf_object__open_mem(M.Bytes.data(), M.Bytes.size(), &Open);
  if (!O)
    return failed(M, errno);
  scope_exit Close([&] { bpf_object__close(O); });
  gen_loader_opts Options = {};
  Options.sz = sizeof Options;
  int Result = bpf_object__gen_loader(O, &Options);
  if (Result == 0)
    Result = bpf_object__load(O);
  if (Result)
    return failed(M, Result);
  Loader L;
  L.Data.assign(Options.data, Options.data_sz);
  L.Code.assign(Options.insns, Options.insns_sz);
  bpf_program *P;
  bpf_object__for_each_program(P, O) L.Programs.push_back(describe(P));
  bpf_map *In;
  bpf_object__for_each_map(In, O) L.Maps.push_back(describe(In));
  return L;
}

} // namespace bpfcc::gen
