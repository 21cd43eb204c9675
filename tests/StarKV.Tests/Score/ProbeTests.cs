using StarKV.Act;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

public sealed class ProbeTests
{
    private static readonly AnswerStyle s_bare = new(ActionLanguage.UiTars, WordsFirst: false);

    public static TheoryData<string, AnswerStyle, string> Texts { get; } = new()
    {
        { "", s_bare, "Action: click(start_box='(300,200)')|Action: type(content='" },
        { "forms=point+open+type+drag+scroll+keys+finish", s_bare,
            "Action: click(start_box='(300,200)')|Action: click(start_box='(|Action: type(content='|Action: drag(start_box='(300,200)', end_box='(|"
                + "Action: scroll(start_box='(300,200)', direction='down')|Action: hotkey(key='|Action: finished()" },
        { "forms=point at=1x2+30x40", s_bare, "Action: click(start_box='(1,2)')|Action: click(start_box='(30,40)')" },
        { "forms=type at=1x2+30x40", s_bare, "Action: type(content='" },
        { "", new(ActionLanguage.UiTars, true), "Thought: ...\nAction: click(start_box='(300,200)')|Thought: ...\nAction: type(content='" },
        { "", new(ActionLanguage.OpenCua, false), "pyautogui.click(x=300, y=200)|pyautogui.write(message='" },
        { "", new(ActionLanguage.OpenCua, true), "## Code:\n```python\npyautogui.click(x=300, y=200)|## Code:\n```python\npyautogui.write(message='" },
        { "forms=open+drag+scroll+keys+finish", new(ActionLanguage.OpenCua, false),
            "pyautogui.click(x=|pyautogui.moveTo(x=300, y=200)\npyautogui.dragTo(x=|pyautogui.scroll(-5)|pyautogui.hotkey(['|computer.terminate(status='success')" },
        { "forms=open grammar=ui-tars+open-cua", new(ActionLanguage.OpenCua, true), "Action: click(start_box='(|pyautogui.click(x=" },
        { "forms=open grammar=prompt+ui-tars-thought", s_bare, "Action: click(start_box='(|Thought: ...\nAction: click(start_box='(" },
        { "forms=open grammar=open-cua-headed", s_bare, "## Code:\n```python\npyautogui.click(x=" },
    };

    private const string EveryForm = "forms=point+open+type+drag+scroll+keys+finish";

    public static TheoryData<string, string> AgentTexts { get; } = new()
    {
        { "gui-owl.grounding",
            "left_click\", \"coordinate\": [300, 200]}}\n</tool_call>|left_click\", \"coordinate\": [|type\", \"text\": \"|left_click_drag\", \"coordinate\": [|"
                + "scroll\", \"pixels\": -5}}\n</tool_call>|key\", \"keys\": [\"|terminate\", \"status\": \"success\"}}\n</tool_call>" },
        { "qwen3vl.mobile",
            "click\", \"coordinate\": [300, 200]}}\n</tool_call>|click\", \"coordinate\": [|type\", \"text\": \"|swipe\", \"coordinate\": [300, 200], \"coordinate2\": [|"
                + "system_button\", \"button\": \"|terminate\", \"status\": \"success\"}}\n</tool_call>" },
        { "ui-venus.web",
            "Click(box=(300,200))</action>|Click(box=(|Type(content='|Drag(start=(300,200), end=(|Scroll(direction='down')</action>|Hotkey(keys=['|Finished(content='" },
        { "ui-venus.grounding", "[300,200]|[" },
    };

    [Theory]
    [MemberData(nameof(AgentTexts))]
    public void The_texts_begin_answers_of_agents(string style, string texts)
    {
        var answers = PromptStyle.Get(style).Answers(ActionLanguage.UiTars);
        var before = style switch
        {
            "ui-venus.web" => "<think>...</think>\n<action>",
            "ui-venus.grounding" => "",
            _ => $"<tool_call>\n{{\"name\": \"{answers.Tool}\", \"arguments\": {{\"action\": \"",
        };
        Assert.Equal(texts.Split('|').Select(text => before + text), Create(EveryForm).Branches(answers));
    }

    [Theory]
    [InlineData("gui-owl.computer", "click")]
    [InlineData("gui-owl.mobile", "click")]
    [InlineData("qwen3vl.computer", "click")]
    [InlineData("ui-venus.mobile", "click")]
    [InlineData("ui-venus.refusal", "point")]
    [InlineData("uitars.mobile", "click")]
    public void A_point_that_is_written_out_is_one_that_the_parser_reads(string style, string name)
    {
        var answers = PromptStyle.Get(style).Answers(ActionLanguage.UiTars);
        var branches = Create("forms=point+open").Branches(answers);
        var parsed = ActionParser.Parse(answers.Actions, branches[0], CoordinateMapper.ForThousandths(1000, 1000));
        Assert.Equal($"{name} (0.3,0.2)", Assert.Single(parsed.Actions).ToString());
        Assert.Empty(parsed.Diagnostics);
        Assert.StartsWith(branches[1], branches[0], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_texts_begin_answers_in_the_prompt_s_language(string options, AnswerStyle answers, string texts) =>
        Assert.Equal(texts, string.Join('|', Create(options).Branches(answers)));

    [Theory]
    [InlineData("forms=click", "probe: option forms is 'click'; it must be point or open or type or drag or scroll or keys or finish, or several joined by +.")]
    [InlineData("forms=", "probe: option forms is ''; it must be point or open or type or drag or scroll or keys or finish, or several joined by +.")]
    [InlineData("forms=type+type", "probe: option forms is type+type; it must be point or open or type or drag or scroll or keys or finish, or several joined by +.")]
    [InlineData("at=300", "probe: option at is '300'; it must be points such as 300x200, 0 to 9999, or several joined by +.")]
    [InlineData("at=300x-2", "probe: option at is '300x-2'; it must be points such as 300x200, 0 to 9999, or several joined by +.")]
    [InlineData("at=300x10000", "probe: option at is '300x10000'; it must be points such as 300x200, 0 to 9999, or several joined by +.")]
    [InlineData("grammar=python", "probe: option grammar is 'python'; it must be prompt or ui-tars or ui-tars-thought or open-cua or open-cua-headed, or several joined by +.")]
    public void Bad_forms_are_named(string options, string message) => Assert.Equal(message, Assert.Throws<StarKvException>(() => Create(options)).Message);

    [Fact]
    public void Too_many_texts_are_refused()
    {
        var points = string.Join('+', Enumerable.Range(0, 33).Select(i => $"{i}x{i}"));
        Assert.Equal(
            "probe: its forms at its points come to 33 texts; at most 32 are read.", Assert.Throws<StarKvException>(() => Create($"forms=point at={points}")).Message);
        Assert.Equal(33, Create($"forms=type at={points}").Branches(s_bare).Count + 32);
    }

    [Theory]
    [InlineData("value=off")]
    [InlineData("")]
    [InlineData("kernel=3")]
    [InlineData("with-last=3")]
    [InlineData("with-last=3 window=5 kernel=5 value=off")]
    public void The_score_is_the_formula_s(string options) => TorchThread.Run(() =>
    {
        var method = Create(options);
        var named = Values(options);
        int Whole(string name, int other) => named.TryGetValue(name, out var text) ? int.Parse(text) : other;
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var scene = new MethodScene("one frame", 7, 2, 3);
        var (window, last, kernel) = (Math.Max(Whole("window", 1), Whole("with-last", 0)), Whole("with-last", 0), Whole("kernel", 1));
        Assert.Equal(window, method.Window(scene.Prompt));
        var layer = scene.Layer(shared);
        var o = layer.Observe(window, 9);
        var given = method.Score(o, memory);

        var (past, length) = (o.Past, scene.Prompt.Length);
        var (q, k, v) = (Numbers(o.Queries), Numbers(o.Keys), Numbers(o.Values));
        var (asked, sum) = (Numbers(o.Branches!.Queries), Numbers(o.Branches.LogSums));
        var sums = new double[2, past];
        for (var g = 0; g < 2; g++)
        {
            for (var t = 0; t < past; t++)
            {
                for (var head = 0; head < 3; head++)
                {
                    // Branches of tokens 0–1 and 2–4.
                    double Weight(int token) => Math.Exp(Product(asked, (g * 3 + head) * 5 + token, t, g) - sum[g * 15 + head * 5 + token]);
                    sums[g, t] += ((Weight(0) + Weight(1)) / 2 + (Weight(2) + Weight(3) + Weight(4)) / 3) / 3;
                    for (var w = window - last; w < window; w++)
                        sums[g, t] += Attention(g * 3 + head, g, w, t) / last / 3;
                }
            }
        }

        for (var g = 0; g < 2; g++)
        {
            for (var t = 0; t < past; t++)
            {
                var pooled = Enumerable.Range(t - kernel / 2, kernel).Where(i => i >= 0 && i < past).Sum(i => sums[g, i]) / kernel;
                var norm = Math.Sqrt(Enumerable.Range(0, 8).Sum(c => Math.Pow(v[(g * length + t) * 8 + c], 2)));
                var wanted = named.GetValueOrDefault("value") == "off" ? pooled : pooled * norm;
                Assert.Equal(wanted, given[g, t].item<float>(), 1e-5);
            }
        }

        double Product(double[] queries, int query, int token, int g) =>
            Enumerable.Range(0, 8).Sum(c => queries[query * 8 + c] * k[(g * length + token) * 8 + c]) / Math.Sqrt(8);

        double Attention(int head, int g, int w, int t)
        {
            double Logit(int token) => Product(q, head * window + w, token, g);
            return Math.Exp(Logit(t)) / Enumerable.Range(0, past + w + 1).Sum(token => Math.Exp(Logit(token)));
        }
    });

    [Fact]
    public void Without_branches_the_last_queries_are_looked_through() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var o = new MethodScene("one frame", 7, 2, 3).Layer(shared).Observe(4, 9) with { Branches = null };
        var probe = Create("value=off window=4").Score(o, memory);
        var attention = WindowAttention.Pooled(o, 1, Pooling.Average).view(2, 3, -1).mean([1]) / 4;
        Assert.InRange((probe - attention).abs().max().item<float>(), 0, 1e-6f);
    });

    [Fact]
    public void Layers_of_one_reading_may_store_different_numbers_of_heads() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        foreach (var scene in new[] { new MethodScene("one frame", 7, 2, 3), new MethodScene("one frame", 7, 6, 1) })
        {
            using var own = new PromptTensors(CPU);
            var (together, alone) = (Create("").Score(scene.Layer(shared).Observe(1, 9), memory), Create("").Score(scene.Layer(own).Observe(1, 9), memory));
            Assert.Equal(alone.data<float>().ToArray(), together.data<float>().ToArray());
        }
    });

    [Fact]
    public void Options_go_through_text_and_back()
    {
        var options = new ProbeOptions
        {
            Forms = [ProbeForm.Type, ProbeForm.Drag],
            At = [(1, 2), (3, 4)],
            Grammars = [ProbeGrammar.OpenCuaHeaded, ProbeGrammar.UiTars],
            Window = 3,
            Kernel = 5,
            Value = false,
            WithLast = 7,
        };
        var written = new Probe(options).Options;
        Assert.Equal("forms=type+drag at=1x2+3x4 grammar=open-cua-headed+ui-tars window=3 kernel=5 value=off with-last=7", $"{options}");
        Assert.Equal(written, ((Probe)Methods.Create("probe", written)).Options);
    }

    private static Dictionary<string, string> Values(string options) =>
        options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1]);

    private static ICompressionMethod Create(string options) => Methods.Create("probe", Values(options));

    private static double[] Numbers(Tensor tensor) => tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
