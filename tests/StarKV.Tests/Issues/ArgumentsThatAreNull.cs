using StarKV.Act;
using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Reports.Inspect;
using StarKV.Reports.Overlays;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Agent;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>A null came back as NullReferenceException, or under a name that is not the caller's ("source").</summary>
[Collection(MiniModelTests.Name)]
public sealed class ArgumentsThatAreNull(MiniModel mini)
{
    private static readonly Screenshot[] s_one = [MiniModel.Tiny()];

    private static readonly Dictionary<string, Action> s_calls = new()
    {
        ["folder"] = () => GuiAgent.Load(null!),
        ["folder "] = () => GuiAgent.LoadAsync(null!),
        ["device"] = () => GuiAgent.Load("models/mini", device: null!),
        ["type"] = () => GuiAgent.Load("models/mini", type: null!),
        ["path"] = () => Screenshot.Load(null!),
        ["data"] = () => Screenshot.Decode(null!),
        ["rgb"] = () => Screenshot.FromRgb(null!, 1, 1),
        ["name"] = () => Screenshot.FromRgb(new byte[3], 1, 1, null!),
        ["pixels"] = () => BicubicResampler.Resize(null!, 1, 1, 1, 1),
        ["screenshot"] = () => ImagePreprocessor.Default.Prepare(null!),
        ["text"] = () => KvBudget.Parse(null!),
        ["name "] = () => Methods.Get(null!),
        ["name  "] = () => PromptStyle.Get(null!),
        ["device "] = () => Compute.Choose(null!),
        ["Method"] = () => new Compression(null!, KvBudget.All),
        ["method"] = () => new Protected(null!, new ProtectedTokens()),
        ["method "] = () => new EqualBytes(null!, 1),
        ["method  "] = () => new EveryNTokens(null!, 1),
        ["method   "] = () => new ImageShare(null!),
        ["what"] = () => new Protected(new Full(), null!),
        ["answer"] = () => ActionParser.Parse(ActionLanguage.UiTars, null!, CoordinateMapper.ForModelPixels(56, 56)),
        ["answer "] = () => OpenCuaActionParser.Parse(null!, CoordinateMapper.ForModelPixels(56, 56)),
        ["answer  "] = () => UiTarsActionParser.Parse(null!, CoordinateMapper.ForModelPixels(56, 56)),
        ["coordinates"] = () => ActionParser.Parse(ActionLanguage.UiTars, "Action: wait()", null!),
        ["screens"] = () => AnswerOverlay.Render(null!, "Click", new GroundingOptions(), null!),
        ["name   "] = () => new InferenceThread(null!),
    };

    public static TheoryData<string> Calls { get; } = new(s_calls.Keys);

    [Theory]
    [MemberData(nameof(Calls))]
    public void They_are_refused_by_their_own_name(string name) => Assert.Equal(name.Trim(), Assert.Throws<ArgumentNullException>(s_calls[name]).ParamName);

    [Fact]
    public void An_agent_refuses_them_at_once_whether_it_answers_now_or_later()
    {
        var agent = mini.Agent;
        Refused("screen", () => agent.Ground((Screenshot)null!, "Click"));
        Refused("screens", () => agent.Ground((IReadOnlyList<Screenshot>)null!, "Click"));
        Refused("instruction", () => agent.Ground(s_one, null!));
        Refused("screens", () => agent.GroundAsync(null!, "Click"));
        Refused("instruction", () => agent.GroundAsync(s_one, null!));
        Refused("screens", () => agent.StreamAsync(null!, "Click"));
        Refused("instruction", () => agent.StreamAsync(s_one, null!));
        Refused("screens", () => agent.GroundRaw(null!, "Click"));
        Refused("rawPrompt", () => agent.GroundRaw(s_one, null!));
        Refused("screens", () => agent.AnswerMany(null!, "Click", Many()));
        Refused("instruction", () => agent.AnswerMany(s_one, (string)null!, Many()));
        Refused("messages", () => agent.AnswerMany(s_one, (Func<IReadOnlyList<MergedGrid>, IReadOnlyList<ChatMessage>>)null!, Many()));
        Refused("screens", () => agent.AnswerAsync(null!, _ => []));
        Refused("messages", () => agent.AnswerAsync(s_one, null!));
        Refused("options", () => agent.AnswerMany(s_one, "Click", null!));
        Refused("options", () => agent.Inspect(s_one, "Click", null!));
        Refused("screens", () => agent.Inspect(null!, "Click", new InspectionOptions { Compressions = [Compression.None] }));

        static void Refused(string name, Func<object> call) => Assert.Equal(name, Assert.Throws<ArgumentNullException>(() => { _ = call(); }).ParamName);
    }

    [Fact]
    public void Nulls_inside_of_lists_and_options_are_named()
    {
        Refused("screens", "Screenshot 2 of 2", () => mini.Agent.GroundAsync([s_one[0], null!], "Click"));
        Refused("options", "Method", () => mini.Agent.GroundAsync(s_one, "Click", new GroundingOptions { Method = null! }));
        Refused("options", "Generation", () => mini.Agent.GroundAsync(s_one, "Click", new GroundingOptions { Generation = null! }));
        Refused("options", "PastActions", () => mini.Agent.GroundAsync(s_one, "Click", new GroundingOptions { PastActions = null! }));
        Refused("options", "StopStrings", () => mini.Agent.GroundAsync(s_one, "Click", new GroundingOptions { Generation = new GenerationOptions { StopStrings = null! } }));
        Refused("options", "Compressions", () => mini.Agent.AnswerMany(s_one, "Click", new ManyAnswersOptions { Compressions = null! }));
        Refused("options", "Compressions", () => mini.Agent.AnswerMany(s_one, "Click", new ManyAnswersOptions { Compressions = [null!] }));

        static void Refused(string name, string said, Func<object> call)
        {
            var error = Assert.ThrowsAny<ArgumentException>(() => { _ = call(); });
            Assert.Equal(name, error.ParamName);
            Assert.Contains(said, error.Message, StringComparison.Ordinal);
        }
    }

    private static ManyAnswersOptions Many() => new() { Compressions = [Compression.None] };
}
