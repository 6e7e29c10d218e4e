#include "backend/target/Helpers.h"
#include "runtime/api/Handles.h"
#include "runtime/jit/Jit.h"
#include "runtime/verify/Proof.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"

using namespace llvm;
using namespace bpfcc;
using namespace bpfcc::api;

/// As many as the kernels of distributions are built for, or so.
static constexpr uint32_t MaxCpus = 512;

void bpfcc_instance::Lines::write_impl(const char *Text, size_t Size) {
  Position += Size;
  for (char C : StringRef(Text, Size)) {
    if (C != '\n') {
      Line += C;
      continue;
    }
    Print(Line.c_str(), User);
    Line.clear();
  }
}

/// What is wrong with \p O; empty if nothing is.
static std::string check(const bpfcc_options &O) {
  if (O.cpus > MaxCpus)
    return "cpus: there can be at most " + std::to_string(MaxCpus);
  if (O.engine > BPFCC_ENGINE_LLVM)
    return "engine: there is no engine " + std::to_string(O.engine);
  if (O.host_clock && O.time)
    return "time: the host's clock has its own time";
  for (const bpfcc_host_helper &H : ArrayRef(O.helpers, O.num_helpers)) {
    if (!H.name || !*H.name)
      return "helpers: a helper needs a name";
    if (!H.function)
      return "helpers: `" + std::string(H.name) + "` has no function";
    if (H.num_args > 5)
      return "helpers: `" + std::string(H.name) + "` has more than 5 arguments";
    if (H.number > INT32_MAX)
      return "helpers: `" + std::string(H.name) +
             "` has a number that no instruction can name";
    for (const bpfcc_host_helper *Other = O.helpers; Other != &H; ++Other)
      if (StringRef(Other->name) == H.name ||
          (H.number && Other->number == H.number))
        return "helpers: `" + std::string(H.name) +
               "` has the name or the number of another one";
  }
  return {};
}

static std::shared_ptr<const bpfcc_instance::Settings>
settings(const bpfcc_options &O) {
  auto S = std::make_shared<bpfcc_instance::Settings>();
  S->Plain = O;
  S->Helpers.assign(O.helpers, O.helpers + O.num_helpers);
  for (const bpfcc_host_helper &H : S->Helpers)
    S->Names.push_back(H.name);
  for (size_t N = 0; N != S->Helpers.size(); ++N)
    S->Helpers[N].name = S->Names[N].c_str();
  S->Plain.helpers = S->Helpers.data();
  return S;
}

static void setUp(bpfcc_instance &I) {
  const bpfcc_options &O = I.Given->Plain;
  Environment &Env = I.env();
  Env.HostClock = O.host_clock != 0;
  Env.KeepEvents = O.record != nullptr;
  I.Record = O.record;
  I.RecordUser = O.record_user;
  if (O.trace) {
    I.Trace.Print = O.trace;
    I.Trace.User = O.trace_user;
    Env.Trace = &I.Trace;
  }
  if (O.max_insns)
    I.Limits.MaxInsts = O.max_insns;
  Env.HostHelpers.clear();
  for (const bpfcc_host_helper &H : I.Given->Helpers)
    Env.HostHelpers.push_back(hostHelper(H, I));
}

/// Whether a helper of the host stands in the place of one of the kernel's.
static bool replacesHelpers(const bpfcc_options &O) {
  return any_of(ArrayRef(O.helpers, O.num_helpers),
                [](const bpfcc_host_helper &H) {
                  return target::helperById(H.number) ||
                         (H.name && target::kfuncByName(H.name));
                });
}

static EngineKind kindOf(bpfcc_engine E) {
  switch (E) {
  case BPFCC_ENGINE_BEST:
    return EngineKind::Best;
  case BPFCC_ENGINE_OFF:
    return EngineKind::Off;
  case BPFCC_ENGINE_TEMPLATE:
    return EngineKind::Template;
  case BPFCC_ENGINE_LLVM:
    return EngineKind::Llvm;
  }
  return EngineKind::Best;
}

/// Makes \p I, which has its world and its thread, ready to run.
static Error makeReady(bpfcc_instance &I) {
  const bpfcc_options &O = I.Given->Plain;
  setUp(I);
  std::function<bool()> Proof;
  if (!replacesHelpers(O))
    Proof = [P = I.Prog] { return verify::needsNoChecks(*P); };
  auto Exec = Engine::make(*I.Prog, I.env(), kindOf(bpfcc_engine(O.engine)),
                           std::move(Proof));
  if (!Exec)
    return Exec.takeError();
  I.Exec.emplace(std::move(*Exec));
  for (uint32_t N = 0; N != I.Prog->Subprogs.size(); ++N)
    if (I.Prog->Subprogs[N].IsProgram)
      I.Programs.push_back(
          {&I, N, hookForSection(I.Prog->Subprogs[N].Section)});
  for (uint32_t N = 0; N != I.World->Maps.size(); ++N)
    I.Maps.push_back({&I, N});
  return Error::success();
}

static int engineErrno() { return Jit::isSupported() ? -EINVAL : -ENOTSUP; }

bpfcc_instance *bpfcc_object_load(const bpfcc_object *Object,
                                  const bpfcc_options *Options,
                                  bpfcc_error **Err) {
  auto Fail = [&](int Errno, auto &&Why) {
    fail(Err, Errno, std::move(Why));
    return nullptr;
  };
  auto O = known(Options);
  std::string Wrong = O ? check(*O) : "bpfcc_options: `size` is not set";
  if (!Wrong.empty())
    return Fail(-EINVAL, Twine(Wrong));
  auto I = std::make_unique<bpfcc_instance>();
  I->Prog = Object->Prog;
  I->Given = settings(*O);
  auto World = instantiate(*I->Prog, O->cpus ? O->cpus : NumCpus);
  if (!World)
    return Fail(-EINVAL, World.takeError());
  I->World = std::move(*World);
  I->env().BootNanoseconds = O->time;
  I->env().Random.seed(O->seed);
  if (Error E = makeReady(*I))
    return Fail(engineErrno(), std::move(E));
  return I.release();
}

bpfcc_instance *bpfcc_instance_share(bpfcc_instance *Of, uint32_t Cpu,
                                     bpfcc_error **Err) {
  auto Fail = [&](int Errno, auto &&Why) {
    fail(Err, Errno, std::move(Why));
    return nullptr;
  };
  if (Of->Running)
    return Fail(-EBUSY, Twine("the instance is running a program"));
  auto I = std::make_unique<bpfcc_instance>();
  I->Prog = Of->Prog;
  I->Given = Of->Given;
  I->World = Of->World;
  I->Ifindex = Of->Ifindex;
  auto Thread = Worker::make(*I->World, 0);
  if (!Thread)
    return Fail(-EAGAIN, Thread.takeError());
  I->Thread = std::move(*Thread);
  if (bpfcc_set_cpu(I.get(), Cpu, Err))
    return nullptr;
  if (Error E = makeReady(*I))
    return Fail(engineErrno(), std::move(E));
  return I.release();
}

void bpfcc_instance_free(bpfcc_instance *I) { delete I; }

int bpfcc_set_cpu(bpfcc_instance *I, uint32_t Cpu, bpfcc_error **Err) {
  if (Cpu >= I->env().Cpus)
    return fail(Err, -EINVAL,
                "there are " + Twine(I->env().Cpus) + " processors, 0 to " +
                    Twine(I->env().Cpus - 1));
  I->env().Cpu = Cpu;
  return 0;
}

void bpfcc_set_ifindex(bpfcc_instance *I, uint32_t Ifindex) {
  if (I->Ifindex != Ifindex)
    I->CtxOf = nullptr;
  I->Ifindex = Ifindex;
}

void bpfcc_set_time(bpfcc_instance *I, uint64_t Nanoseconds) {
  I->env().BootNanoseconds = Nanoseconds;
}

int bpfcc_pass_time(bpfcc_instance *I, uint64_t Until, bpfcc_error **Err) {
  if (I->Running)
    return fail(Err, -EBUSY, "the instance is running a program");
  Error E = [&] {
    I->Running = true;
    auto Stop = make_scope_exit([&] { I->Running = false; });
    return I->Exec->passTime(Until, I->Limits);
  }();
  deliverRecords(*I);
  return E ? fail(Err, -EFAULT, std::move(E)) : 0;
}
