#include "tools/bpfcc/RunOptions.h"

#include "runtime/maps/Map.h"
#include "support/Diagnostic.h"
#include "support/InputFile.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::tools {

/// As many as the kernels of distributions are built for, or so: a small array
/// for each processor takes memory at once.
static constexpr uint32_t MaxCpus = 512;

static Error bad(const Twine &What) {
  return diagError(DiagCode::BadOption, {}, What.str());
}

Expected<std::vector<uint8_t>> parseHex(StringRef Text, StringRef Option) {
  std::string Digits;
  Text.consume_front("0x");
  for (char C : Text)
    if (!isSpace(C) && C != ':')
      Digits += C;
  std::string Bytes;
  if (Digits.size() % 2 || !tryGetFromHex(Digits, Bytes))
    return bad(Option + ": `" + Text + "` is no hexadecimal bytes");
  return std::vector<uint8_t>(Bytes.begin(), Bytes.end());
}

static Expected<std::vector<uint8_t>> parseBytes(StringRef Text,
                                                 StringRef Option) {
  if (!Text.consume_front("@"))
    return parseHex(Text, Option);
  auto Buffer = readInputFile(Text);
  if (!Buffer)
    return Buffer.takeError();
  StringRef Content = (*Buffer)->getBuffer();
  return std::vector<uint8_t>(Content.begin(), Content.end());
}

namespace {
class Parser {
public:
  explicit Parser(Arguments Args) : Args(Args) {}
  Expected<RunOptions> run();

private:
  Error option(StringRef Name);
  Expected<StringRef> value(StringRef Name);
  template <class T> Error number(StringRef Name, T &Into, uint64_t Min = 0);
  Error text(StringRef Name, std::string &Into);
  Error bytes(StringRef Name, std::optional<std::vector<uint8_t>> &Into);
  Error context(StringRef Name);
  Error mapUpdate(StringRef Name);
  Error tail(StringRef Name);
  Error kconfig(StringRef Name);
  Error eventType(StringRef Name);
  Error format(StringRef Name);
  Error jit(StringRef Name);
  Error clock(StringRef Name);
  Error seconds(StringRef Name);
  Error together() const;

  Arguments Args;
  std::optional<StringRef> Joined; ///< VALUE of --name=VALUE
  RunOptions O;
};
} // namespace

Expected<StringRef> Parser::value(StringRef Name) {
  if (Joined) {
    StringRef V = *Joined;
    Joined.reset();
    return V;
  }
  if (Args.empty())
    return bad("`" + Name + "` needs a value");
  StringRef V = Args.front();
  Args = Args.drop_front();
  return V;
}

template <class T> Error Parser::number(StringRef Name, T &Into, uint64_t Min) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  if (V->getAsInteger(0, Into) || Into < Min)
    return bad(Name + ": `" + *V + "` is no number that fits");
  return Error::success();
}

Error Parser::text(StringRef Name, std::string &Into) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  Into = V->str();
  return Error::success();
}

Error Parser::bytes(StringRef Name, std::optional<std::vector<uint8_t>> &Into) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  auto B = parseBytes(*V, Name);
  if (!B)
    return B.takeError();
  Into = std::move(*B);
  return Error::success();
}

Error Parser::context(StringRef Name) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  O.CtxIsJson = V->starts_with("{") || V->starts_with("[") ||
                (V->starts_with("@") && V->ends_with(".json"));
  if (O.CtxIsJson && !V->starts_with("@")) {
    O.Ctx.emplace(V->begin(), V->end());
    return Error::success();
  }
  return parseBytes(*V, Name).moveInto(O.Ctx);
}

Error Parser::mapUpdate(StringRef Name) {
  auto Map = value(Name);
  if (!Map)
    return Map.takeError();
  auto Pair = value(Name);
  if (!Pair)
    return Pair.takeError();
  auto [KeyText, ValueText] = Pair->split('=');
  if (KeyText.size() == Pair->size())
    return bad(Name + ": `" + *Pair + "` is no KEY=VALUE");
  auto Key = parseHex(KeyText, Name);
  if (!Key)
    return Key.takeError();
  auto Value = parseHex(ValueText, Name);
  if (!Value)
    return Value.takeError();
  O.MapUpdates.push_back({Map->str(), std::move(*Key), std::move(*Value)});
  return Error::success();
}

Error Parser::tail(StringRef Name) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  auto [Place, Prog] = V->split('=');
  auto [Map, Index] = Place.split('[');
  uint32_t Number = 0;
  if (Prog.empty() || Map.empty() || !Index.consume_back("]") ||
      Index.getAsInteger(0, Number))
    return bad(Name + ": `" + *V + "` is no MAP[INDEX]=PROG");
  O.Tails.push_back({Map.str(), Number, Prog.str()});
  return Error::success();
}

Error Parser::kconfig(StringRef Name) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  auto [Key, Value] = V->split('=');
  if (Key.empty() || Key.size() == V->size())
    return bad(Name + ": `" + *V + "` is no NAME=VALUE");
  O.Kconfig[Key.str()] = Value.str();
  return Error::success();
}

Error Parser::format(StringRef Name) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  if (*V != "text" && *V != "json")
    return bad(Name + ": `" + *V + "` is neither text nor json");
  O.Json = *V == "json";
  return Error::success();
}

Error Parser::jit(StringRef Name) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  auto Engine = engineByName(*V);
  if (!Engine)
    return bad(Name + ": `" + *V + "` is none of off, template, llvm");
  O.Jit = *Engine;
  return Error::success();
}

Error Parser::clock(StringRef Name) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  if (*V != "fixed" && *V != "real")
    return bad(Name + ": `" + *V + "` is neither fixed nor real");
  O.HostClock = *V == "real";
  return Error::success();
}

/// What is wrong with options that are right one by one.
Error Parser::together() const {
  if (O.File.empty() && !O.Help)
    return bad("no object given; `bpfcc run --help` shows how");
  if (O.Cpus > MaxCpus)
    return bad("--cpus: there can be 1 to " + Twine(MaxCpus) + " processors");
  uint32_t Cpus = O.Cpus ? O.Cpus : NumCpus;
  if (O.Cpu && *O.Cpu >= Cpus)
    return bad("--cpu: there are " + Twine(Cpus) + " processors, 0 to " +
               Twine(Cpus - 1));
  if (!O.Kernel && !O.Iface.empty() && (!O.Pcap.empty() || O.Data))
    return bad("--iface gives its own packets: --pcap and --data are for other "
               "runs");
  if (O.Count && (O.Kernel || O.Iface.empty()))
    return bad("--count counts the packets of --iface in user space");
  if (!O.Command.empty() &&
      (!O.Iface.empty() || !O.Pcap.empty() || O.Data || O.Ctx || O.Kernel))
    return bad("a command gives its own events: --pcap, --data, --ctx and "
               "--kernel are for other runs");
  if (!O.Target.empty() && O.EmitNative.empty())
    return bad("--target is for --emit-native");
  if (!O.EmitNative.empty() && (!O.Iface.empty() || !O.Pcap.empty() || O.Data ||
                                O.Ctx || O.Kernel || !O.Command.empty()))
    return bad("--emit-native runs nothing: --pcap, --data, --ctx, --iface, "
               "--kernel and commands are for other runs");
  if (O.HostClock && O.Linger)
    return bad("--linger lets the clock of --clock=fixed go on; the host's "
               "does not wait");
  if (O.HostClock && O.Time)
    return bad("--time starts the clock of --clock=fixed; the host's has its "
               "own time");
  return Error::success();
}

Error Parser::eventType(StringRef Name) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  auto [Map, Type] =
      V->contains('=') ? V->split('=') : std::pair(StringRef(), *V);
  if (Type.empty() || V->starts_with("="))
    return bad(Name + ": `" + *V + "` is no [MAP=]TYPE");
  O.EventTypes.push_back({Map.str(), Type.str()});
  O.Events = true;
  return Error::success();
}

Error Parser::seconds(StringRef Name) {
  auto V = value(Name);
  if (!V)
    return V.takeError();
  if (V->getAsDouble(O.Duration) || !(O.Duration > 0))
    return bad(Name + ": `" + *V + "` is no number of seconds");
  return Error::success();
}

Error Parser::option(StringRef Name) {
  struct Flag {
    StringRef Name;
    bool RunOptions::*Field;
  };
  static constexpr Flag Flags[] = {
      {"--no-maps", &RunOptions::NoMaps},
      {"--dump-maps", &RunOptions::AllEntries},
      {"--rate", &RunOptions::Rate},
      {"--events", &RunOptions::Events},
      {"--as-test-run", &RunOptions::AsTestRun},
      {"--kernel", &RunOptions::Kernel},
      {"--help", &RunOptions::Help},
      {"-h", &RunOptions::Help},
  };
  for (const Flag &F : Flags)
    if (F.Name == Name) {
      O.*F.Field = true;
      return Error::success();
    }
  if (Name == "--prog")
    return text(Name, O.Prog);
  if (Name == "--emit-native")
    return text(Name, O.EmitNative);
  if (Name == "--target")
    return text(Name, O.Target);
  if (Name == "--iface")
    return text(Name, O.Iface);
  if (Name == "--cgroup")
    return text(Name, O.Cgroup);
  if (Name == "--duration")
    return seconds(Name);
  if (Name == "--pcap")
    return text(Name, O.Pcap);
  if (Name == "--data")
    return bytes(Name, O.Data);
  if (Name == "--event-type")
    return eventType(Name);
  if (Name == "--ctx")
    return context(Name);
  if (Name == "--repeat")
    return number(Name, O.Repeat, 1);
  if (Name == "--count")
    return number(Name, O.Count, 1);
  if (Name == "--max-insns")
    return number(Name, O.MaxInsts, 1);
  if (Name == "--seed")
    return number(Name, O.Seed);
  if (Name == "--time")
    return number(Name, O.Time);
  if (Name == "--ifindex")
    return number(Name, O.Ifindex);
  if (Name == "--map-update")
    return mapUpdate(Name);
  if (Name == "--tail")
    return tail(Name);
  if (Name == "--kconfig")
    return kconfig(Name);
  if (Name == "--format")
    return format(Name);
  if (Name == "--jit")
    return jit(Name);
  if (Name == "--clock")
    return clock(Name);
  if (Name == "--linger")
    return number(Name, O.Linger);
  if (Name == "--cpus")
    return number(Name, O.Cpus, 1);
  if (Name == "--cpu")
    return number(Name, O.Cpu.emplace());
  return bad("unknown option `" + Name + "`; `bpfcc run --help` lists them");
}

Expected<RunOptions> Parser::run() {
  while (!Args.empty()) {
    StringRef Arg = Args.front();
    Args = Args.drop_front();
    if (Arg == "--") {
      O.Command.assign(Args.begin(), Args.end());
      if (O.Command.empty())
        return bad("no command behind `--`");
      break;
    }
    if (!Arg.starts_with("-") || Arg == "-") {
      if (!O.File.empty())
        return bad("one object at a time: `" + Arg + "` is too many");
      O.File = Arg.str();
      continue;
    }
    StringRef Name = Arg;
    Joined.reset();
    if (Arg.contains('=')) {
      auto [Front, Back] = Arg.split('=');
      Name = Front;
      Joined = Back;
    }
    if (Error E = option(Name))
      return std::move(E);
    if (Joined)
      return bad("`" + Name + "` takes no value");
  }
  if (Error E = together())
    return std::move(E);
  return std::move(O);
}

Expected<RunOptions> parseRunOptions(Arguments Args) {
  return Parser(Args).run();
}

} // namespace bpfcc::tools
