#include "backend/object/ElfFile.h"
#include "backend/target/MapTypes.h"
#include "runtime/api/Handles.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace bpfcc;
using namespace bpfcc::api;

static Expected<LoadOptions> loadOptions(const bpfcc_open_options *Given) {
  auto O = known(Given);
  if (!O)
    return diagError(DiagCode::RunError, {},
                     "bpfcc_open_options: `size` is not set");
  LoadOptions Load;
  if (O->kernel_version)
    Load.KernelVersion = O->kernel_version;
  for (size_t N = 0; N != O->num_kconfig; ++N) {
    StringRef Line = O->kconfig[N];
    auto [Name, Value] = Line.split('=');
    if (Name.empty() || Name.size() == Line.size())
      return diagError(DiagCode::RunError, {},
                       "kconfig: `" + Line.str() + "` is no NAME=VALUE");
    Load.Kconfig[Name.str()] = Value.str();
  }
  return Load;
}

static bpfcc_object *open(ArrayRef<uint8_t> Bytes, StringRef Name,
                          const bpfcc_open_options *Options,
                          bpfcc_error **Err) {
  auto Fail = [&](Error E) {
    fail(Err, -EINVAL, std::move(E));
    return nullptr;
  };
  auto Load = loadOptions(Options);
  if (!Load)
    return Fail(Load.takeError());
  auto Obj = readElf(Bytes, Name);
  if (!Obj)
    return Fail(Obj.takeError());
  auto P = loadProgram(*Obj, Name, *Load);
  if (!P)
    return Fail(P.takeError());
  auto Out = std::make_unique<bpfcc_object>();
  for (uint32_t N = 0; N != P->Subprogs.size(); ++N)
    if (P->Subprogs[N].IsProgram)
      Out->Programs.push_back(N);
  Out->Prog = std::make_shared<const Program>(std::move(*P));
  return Out.release();
}

bpfcc_object *bpfcc_object_open(const char *Path,
                                const bpfcc_open_options *Options,
                                bpfcc_error **Err) {
  if (!Path)
    return open({}, "<null>", Options, Err);
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer) {
    fail(
        Err, -Buffer.getError().value(),
        diagError(DiagCode::CannotOpen, {}, Path, Buffer.getError().message()));
    return nullptr;
  }
  return open(arrayRefFromStringRef((*Buffer)->getBuffer()), Path, Options,
              Err);
}

bpfcc_object *bpfcc_object_open_memory(const void *Data, size_t Size,
                                       const char *Name,
                                       const bpfcc_open_options *Options,
                                       bpfcc_error **Err) {
  return open({static_cast<const uint8_t *>(Data), Size},
              Name ? Name : "<memory>", Options, Err);
}

void bpfcc_object_free(bpfcc_object *O) { delete O; }

int bpfcc_object_is_big_endian(const bpfcc_object *O) {
  return O->Prog->BigEndian;
}

static const Subprog *programAt(const bpfcc_object *O, size_t N) {
  return N < O->Programs.size() ? &O->Prog->Subprogs[O->Programs[N]] : nullptr;
}

size_t bpfcc_object_num_programs(const bpfcc_object *O) {
  return O->Programs.size();
}
const char *bpfcc_object_program_name(const bpfcc_object *O, size_t N) {
  const Subprog *S = programAt(O, N);
  return S ? S->Name.c_str() : nullptr;
}
const char *bpfcc_object_program_section(const bpfcc_object *O, size_t N) {
  const Subprog *S = programAt(O, N);
  return S ? S->Section.c_str() : nullptr;
}

size_t bpfcc_object_num_maps(const bpfcc_object *O) {
  return O->Prog->Maps.size();
}
int bpfcc_object_map(const bpfcc_object *O, size_t N, bpfcc_map_info *Info) {
  if (N >= O->Prog->Maps.size() || Info->size < sizeof(size_t))
    return -EINVAL;
  give(Info, describe(O->Prog->Maps[N]));
  return 0;
}
