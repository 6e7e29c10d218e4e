// The header of `bpfcc gen skeleton x.o`: what user programs see of it (the
// structure, its members and their types, the functions) is what bpftool's
// header has, so that either compiles the same program.

#include "tools/gen/Gen.h"
#include "tools/gen/Text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace bpfcc::gen {

/// Links of structures of operations, and their values, are new in 1.5.
constexpr const char *IfLibbpf15 =
    "#if LIBBPF_MAJOR_VERSION > 1 || (LIBBPF_MAJOR_VERSION == 1 && "
    "LIBBPF_MINOR_VERSION >= 5)\n";

static bool isStructOps(const Map &In) { return In.StructOps != 0; }

/// A member of a structure of operations: functions are programs, numbers are
/// numbers, and what else there is keeps its place.
static Error printShadowMember(raw_ostream &OS, const Model &M, CTypes &Types,
                               const BtfFile::Member &Field, unsigned Index) {
  uint32_t Id = M.Btf.strip(Field.Type);
  const BtfFile::Type &T = M.Btf.type(Id);
  OS << "\t\t\t";
  if (T.K == btf::KindPtr &&
      M.Btf.type(M.Btf.strip(T.Target)).K == btf::KindFuncProto) {
    OS << "struct bpf_program *" << Field.Name << ";\n";
    return Error::success();
  }
  if (T.K == btf::KindInt || T.K == btf::KindEnum || T.K == btf::KindEnum64 ||
      T.K == btf::KindFloat) {
    auto Text = Types.declare(Id, Field.Name, 3);
    if (!Text)
      return Text.takeError();
    OS << *Text << ";\n";
    return Error::success();
  }
  OS << formatv("char __unsupported_{0}[{1}];\n", Index, M.Btf.sizeOf(Id));
  return Error::success();
}

static Error printShadow(raw_ostream &OS, const Model &M, CTypes &Types,
                         const Map &In) {
  const BtfFile::Type &T = M.Btf.type(In.StructOps);
  OS << "\t\tstruct " << M.Name << "__" << In.Ident << "__" << T.Name << " {\n";
  uint64_t End = 0;
  unsigned Index = 0, Gaps = 0;
  auto PadTo = [&](uint64_t Offset) {
    if (Offset > End)
      OS << formatv("\t\t\tchar __padding_{0}[{1}];\n", Gaps++, Offset - End);
  };
  for (const BtfFile::Member &Field : T.Members) {
    if (Field.Size || Field.Offset / 8 < End)
      continue; // bit-fields are part of the gap
    PadTo(Field.Offset / 8);
    if (Error E = printShadowMember(OS, M, Types, Field, Index++))
      return E;
    End = Field.Offset / 8 + M.Btf.sizeOf(Field.Type);
  }
  PadTo(T.Size);
  OS << "\t\t} *" << In.Ident << ";\n";
  return Error::success();
}

static Error printStructure(raw_ostream &OS, const Model &M, CTypes &Types) {
  OS << fill("struct @ {\n\tstruct bpf_object_skeleton *skeleton;\n"
             "\tstruct bpf_object *obj;\n",
             M.Name);
  printMapMembers(OS, M);
  if (any_of(M.Maps, isStructOps)) {
    OS << "\tstruct {\n";
    for (const Map &In : make_filter_range(M.Maps, isStructOps))
      if (Error E = printShadow(OS, M, Types, In))
        return E;
    OS << "\t} struct_ops;\n";
  }
  printProgramMembers(OS, M);
  if (!M.Programs.empty() || any_of(M.Maps, isStructOps)) {
    OS << "\tstruct {\n";
    for (const Program &P : M.Programs)
      OS << "\t\tstruct bpf_link *" << P.Name << ";\n";
    for (const Map &In : make_filter_range(M.Maps, isStructOps))
      OS << "\t\tstruct bpf_link *" << In.Ident << ";\n";
    OS << "\t} links;\n";
  }
  if (Error E = printData(OS, M, Types))
    return E;
  OS << fill(R"(
#ifdef __cplusplus
	static inline struct @ *open(const struct bpf_object_open_opts *opts = nullptr);
	static inline struct @ *open_and_load();
	static inline int load(struct @ *skel);
	static inline int attach(struct @ *skel);
	static inline void detach(struct @ *skel);
	static inline void destroy(struct @ *skel);
	static inline const void *elf_bytes(size_t *sz);
#endif
};
)",
             M.Name);
  return Error::success();
}

static void printCreate(raw_ostream &OS, const Model &M) {
  OS << fill(R"(
static inline int
@__create_skeleton(struct @ *obj)
{
	struct bpf_object_skeleton *s;

	s = (struct bpf_object_skeleton *)calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->sz = sizeof(*s);
	s->name = "@";
	s->obj = &obj->obj;
	s->data = @__elf_bytes(&s->data_sz);
)",
             M.Name);
  auto Table = [&](StringRef What, size_t Count) {
    OS << formatv(R"(
	s->{0}_cnt = {1};
	s->{0}_skel_sz = sizeof(*s->{0}s);
	s->{0}s = (struct bpf_{0}_skeleton *)calloc({1}, sizeof(*s->{0}s));
	if (!s->{0}s)
		goto no_memory;
)",
                  What, Count);
  };
  if (!M.Maps.empty())
    Table("map", M.Maps.size());
  for (auto [N, In] : enumerate(M.Maps)) {
    OS << formatv("\ts->maps[{0}].name = \"{1}\";\n"
                  "\ts->maps[{0}].map = &obj->maps.{2};\n",
                  N, In.Name, In.Ident);
    if (!In.Mapped.empty())
      OS << formatv("\ts->maps[{0}].mmaped = (void **)&obj->{1};\n", N,
                    In.Mapped);
    if (In.StructOps)
      OS << IfLibbpf15
         << formatv("\ts->maps[{0}].link = &obj->links.{1};\n#endif\n", N,
                    In.Ident);
  }
  if (!M.Programs.empty())
    Table("prog", M.Programs.size());
  for (auto [N, P] : enumerate(M.Programs))
    OS << formatv("\ts->progs[{0}].name = \"{1}\";\n"
                  "\ts->progs[{0}].prog = &obj->progs.{1};\n"
                  "\ts->progs[{0}].link = &obj->links.{1};\n",
                  N, P.Name);
  OS << R"(
	obj->skeleton = s;
	return 0;
)";
  if (!M.Maps.empty() || !M.Programs.empty())
    OS << R"(no_memory:
	bpf_object__destroy_skeleton(s);
	return -ENOMEM;
)";
  OS << "}\n";
}

static void printOpen(raw_ostream &OS, const Model &M) {
  OS << fill(R"(
static inline void
@__destroy(struct @ *obj)
{
	if (!obj)
		return;
	if (obj->skeleton)
		bpf_object__destroy_skeleton(obj->skeleton);
	free(obj);
}

static inline struct @ *
@__open_opts(const struct bpf_object_open_opts *opts)
{
	struct @ *obj;
	int err;

	obj = (struct @ *)calloc(1, sizeof(*obj));
	if (!obj) {
		errno = ENOMEM;
		return NULL;
	}
	err = @__create_skeleton(obj);
	if (!err)
		err = bpf_object__open_skeleton(obj->skeleton, opts);
	if (err) {
		@__destroy(obj);
		errno = -err;
		return NULL;
	}
)",
             M.Name);
  if (any_of(M.Maps, isStructOps)) {
    OS << IfLibbpf15;
    for (const Map &In : make_filter_range(M.Maps, isStructOps))
      OS << formatv("\tobj->struct_ops.{0} = "
                    "(__typeof__(obj->struct_ops.{0}))\n\t\t"
                    "bpf_map__initial_value(obj->maps.{0}, NULL);\n",
                    In.Ident);
    OS << "#endif\n";
  }
  OS << fill(R"(	return obj;
}

static inline struct @ *
@__open(void)
{
	return @__open_opts(NULL);
}
)",
             M.Name);
}

constexpr const char *Rest = R"(
static inline int
@__load(struct @ *obj)
{
	return bpf_object__load_skeleton(obj->skeleton);
}

static inline struct @ *
@__open_and_load(void)
{
	struct @ *obj = @__open();
	int err;

	if (!obj)
		return NULL;
	err = @__load(obj);
	if (err) {
		@__destroy(obj);
		errno = -err;
		return NULL;
	}
	return obj;
}

static inline int
@__attach(struct @ *obj)
{
	return bpf_object__attach_skeleton(obj->skeleton);
}

static inline void
@__detach(struct @ *obj)
{
	bpf_object__detach_skeleton(obj->skeleton);
}

#ifdef __cplusplus
inline struct @ *@::open(const struct bpf_object_open_opts *opts) { return @__open_opts(opts); }
inline struct @ *@::open_and_load() { return @__open_and_load(); }
inline int @::load(struct @ *skel) { return @__load(skel); }
inline int @::attach(struct @ *skel) { return @__attach(skel); }
inline void @::detach(struct @ *skel) { @__detach(skel); }
inline void @::destroy(struct @ *skel) { @__destroy(skel); }
inline const void *@::elf_bytes(size_t *sz) { return @__elf_bytes(sz); }
#endif
)";

Expected<std::string> skeleton(const Model &M) {
  auto Types = CTypes::create(M.btfBytes());
  if (!Types)
    return Types.takeError();
  std::string Text;
  raw_string_ostream OS(Text);
  OS << "/* Generated by `bpfcc gen skeleton`. */\n";
  printGuard(OS, M.Name, "SKEL");
  OS << "#include <errno.h>\n#include <stdlib.h>\n#include "
        "<bpf/libbpf.h>\n\n";
  if (Error E = printStructure(OS, M, *Types))
    return std::move(E);
  OS << fill(R"(
static inline const void *
@__elf_bytes(size_t *sz)
{
	static const char data[] __attribute__((__aligned__(8))) =
)",
             M.Name);
  printBytes(OS, M.Bytes, 2);
  OS << ";\n\n\t*sz = sizeof(data) - 1;\n\treturn data;\n}\n";
  printCreate(OS, M);
  printOpen(OS, M);
  OS << fill(Rest, M.Name);
  printDataChecks(OS, M);
  printGuardEnd(OS, M.Name, "SKEL");
  return Text;
}

} // namespace bpfcc::gen
