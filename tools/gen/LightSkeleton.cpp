// The header of `bpfcc gen skeleton --light x.o`: no libbpf in the user's
// program. libbpf writes, here, a BPF program that creates maps and loads
// programs, and the kernel runs it. It talks with the header through one
// structure: a context, then a row for each map and each program in libbpf's
// order.

#include "support/Diagnostic.h"
#include "tools/gen/Gen.h"
#include "tools/gen/Loader.h"
#include "tools/gen/Text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace bpfcc::gen {

namespace {
/// A map of the model with what libbpf knows of it.
struct LoadedMap {
  const Map &In;
  const Loader::Map &Loaded;
  /// Bytes of the pages that hold it.
  uint64_t pages() const { return alignTo(Loaded.Value.size(), 4096); }
};
} // namespace

static Error printStructure(raw_ostream &OS, const Model &M, CTypes &Types) {
  OS << "struct " << M.Name << " {\n\tstruct bpf_loader_ctx ctx;\n";
  if (!M.Maps.empty()) {
    OS << "\tstruct {\n";
    for (const Map &In : M.Maps)
      OS << "\t\tstruct bpf_map_desc " << In.Ident << ";\n";
    OS << "\t} maps;\n";
  }
  OS << "\tstruct {\n";
  for (const Program &P : M.Programs)
    OS << "\t\tstruct bpf_prog_desc " << P.Name << ";\n";
  OS << "\t} progs;\n\tstruct {\n";
  for (const Program &P : M.Programs)
    OS << "\t\tint " << P.Name << "_fd;\n";
  OS << "\t} links;\n";
  if (Error E = printData(OS, M, Types))
    return E;
  OS << "};\n";
  return Error::success();
}

static std::string attachCall(const Loader::Program &P) {
  switch (P.Attach) {
  case Loader::Program::RawTracepoint:
    return "skel_raw_tracepoint_open(\"" + P.Tracepoint + "\", prog_fd)";
  case Loader::Program::Traced:
    return "skel_raw_tracepoint_open(NULL, prog_fd)";
  case Loader::Program::Iterator:
    return "skel_link_create(prog_fd, 0, BPF_TRACE_ITER)";
  case Loader::Program::No:
    return "((void)prog_fd, 0)";
  }
  return {};
}

static void printAttach(raw_ostream &OS, const Model &M, const Loader &L) {
  for (const Loader::Program &P : L.Programs)
    OS << fill(formatv(R"(
static inline int
@__{0}__attach(struct @ *skel)
{{
	int prog_fd = skel->progs.{0}.prog_fd;
	int fd = {1};

	if (fd > 0)
		skel->links.{0}_fd = fd;
	return fd;
}
)",
                       P.Name, attachCall(P))
                   .str(),
               M.Name);
  OS << fill("\nstatic inline int\n@__attach(struct @ *skel)\n{\n"
             "\tint ret = 0;\n\n",
             M.Name);
  for (const Loader::Program &P : L.Programs)
    OS << fill("\tret = ret < 0 ? ret : @__" + P.Name + "__attach(skel);\n",
               M.Name);
  OS << fill("\treturn ret < 0 ? ret : 0;\n}\n\nstatic inline void\n"
             "@__detach(struct @ *skel)\n{\n",
             M.Name);
  for (const Loader::Program &P : L.Programs)
    OS << "\tskel_closenz(skel->links." << P.Name << "_fd);\n";
  OS << "}\n";
}

static void printDestroy(raw_ostream &OS, const Model &M,
                         ArrayRef<LoadedMap> Maps) {
  OS << fill(R"(
static inline void
@__destroy(struct @ *skel)
{
	if (!skel)
		return;
	@__detach(skel);
)",
             M.Name);
  for (const Program &P : M.Programs)
    OS << "\tskel_closenz(skel->progs." << P.Name << ".prog_fd);\n";
  for (const LoadedMap &Map : Maps) {
    if (!Map.In.Mapped.empty())
      OS << formatv("\tif (skel->{0})\n"
                    "\t\tskel_free_map_data(skel->{0}, "
                    "skel->maps.{1}.initial_value, {2});\n",
                    Map.In.Mapped, Map.In.Ident, Map.pages());
    OS << "\tskel_closenz(skel->maps." << Map.In.Ident << ".map_fd);\n";
  }
  OS << "\tskel_free(skel);\n}\n";
}

static void printOpen(raw_ostream &OS, const Model &M,
                      ArrayRef<LoadedMap> Maps) {
  OS << fill(R"(
static inline struct @ *
@__open(void)
{
	struct @ *skel;

	skel = (struct @ *)skel_alloc(sizeof(*skel));
	if (!skel)
		return NULL;
	skel->ctx.sz = (char *)&skel->links - (char *)skel;
)",
             M.Name);
  for (const LoadedMap &Map : Maps) {
    if (Map.In.Mapped.empty())
      continue;
    OS << "\t{\n\t\tstatic const char data[] "
          "__attribute__((__aligned__(8))) =\n";
    printBytes(OS, Map.Loaded.Value, 3);
    OS << fill(formatv(R"(;

		skel->{0} = (struct @__{0} *)skel_prep_map_data(data, {1}, sizeof(data) - 1);
		if (!skel->{0}) {{
			@__destroy(skel);
			return NULL;
		}
		skel->maps.{2}.initial_value = (__u64)(long)skel->{0};
	}
)",
                       Map.In.Mapped, Map.pages(), Map.In.Ident)
                   .str(),
               M.Name);
  }
  OS << "\treturn skel;\n}\n";
}

static void printLoad(raw_ostream &OS, const Model &M, const Loader &L,
                      ArrayRef<LoadedMap> Maps) {
  OS << fill("\nstatic inline int\n@__load(struct @ *skel)\n{\n"
             "\tstatic const char data[] __attribute__((__aligned__(8))) =\n",
             M.Name);
  printBytes(OS, L.Data, 2);
  OS << ";\n\tstatic const char insns[] __attribute__((__aligned__(8))) =\n";
  printBytes(OS, L.Code, 2);
  OS << R"(;
	struct bpf_load_and_run_opts opts;
	int err;

	memset(&opts, 0, sizeof(opts));
	opts.ctx = (struct bpf_loader_ctx *)skel;
	opts.data = data;
	opts.data_sz = sizeof(data) - 1;
	opts.insns = insns;
	opts.insns_sz = sizeof(insns) - 1;
	err = bpf_load_and_run(&opts);
	if (err < 0)
		return err;
)";
  for (const LoadedMap &Map : Maps)
    if (!Map.In.Mapped.empty())
      OS << fill(
          formatv(R"(	skel->{0} = (struct @__{0} *)skel_finalize_map_data(
		&skel->maps.{1}.initial_value, {2}, {3}, skel->maps.{1}.map_fd);
	if (!skel->{0})
		return -ENOMEM;
)",
                  Map.In.Mapped, Map.In.Ident, Map.pages(),
                  Map.Loaded.ReadOnly ? "PROT_READ" : "PROT_READ | PROT_WRITE")
              .str(),
          M.Name);
  OS << fill(R"(	return 0;
}

static inline struct @ *
@__open_and_load(void)
{
	struct @ *skel = @__open();

	if (skel && @__load(skel)) {
		@__destroy(skel);
		return NULL;
	}
	return skel;
}
)",
             M.Name);
}

/// The rows of the structure are in libbpf's order: where that is another than
/// the model's, the loader would fill in the wrong ones.
static Expected<std::vector<LoadedMap>> pairUp(const Model &M,
                                               const Loader &L) {
  bool Same =
      M.Maps.size() == L.Maps.size() && M.Programs.size() == L.Programs.size();
  for (size_t N = 0; Same && N != M.Programs.size(); ++N)
    Same = M.Programs[N].Name == L.Programs[N].Name;
  std::vector<LoadedMap> Maps;
  for (size_t N = 0; Same && N != M.Maps.size(); ++N) {
    // libbpf puts the object's name before that of a plain section.
    Same = StringRef(L.Maps[N].Name).ends_with(M.Maps[N].Name) &&
           (M.Maps[N].Mapped.empty() || !L.Maps[N].Value.empty());
    Maps.push_back({M.Maps[N], L.Maps[N]});
  }
  if (Same)
    return Maps;
  return diagError(DiagCode::BadObject, {},
                   "`" + M.Name +
                       "` has programs or maps that this version of libbpf "
                       "does not load");
}

Expected<std::string> lightSkeleton(const Model &M) {
  auto L = makeLoader(M);
  if (!L)
    return L.takeError();
  auto Maps = pairUp(M, *L);
  if (!Maps)
    return Maps.takeError();
  auto Types = CTypes::create(M.btfBytes());
  if (!Types)
    return Types.takeError();
  std::string Text;
  raw_string_ostream OS(Text);
  OS << "/* Generated by `bpfcc gen skeleton --light`. */\n";
  printGuard(OS, M.Name, "SKEL");
  OS << "#include <bpf/skel_internal.h>\n\n";
  if (Error E = printStructure(OS, M, *Types))
    return std::move(E);
  printAttach(OS, M, *L);
  printDestroy(OS, M, *Maps);
  printOpen(OS, M, *Maps);
  printLoad(OS, M, *L, *Maps);
  printDataChecks(OS, M);
  printGuardEnd(OS, M.Name, "SKEL");
  return Text;
}

} // namespace bpfcc::gen
