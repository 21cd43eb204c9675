using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using StarKV.Account;
using StarKV.Hub;
using StarKV.Reports.Overlays;
using StarKV.Score;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary><c>Console.WriteLine(answer)</c> wrote <c>Tokens = System.Collections.Generic.List`1[System.Int32]</c>.</summary>
public sealed class RecordsPrintedTheirListsAsTypeNames
{
    [Fact]
    public void Every_public_record_with_a_list_says_itself_what_it_prints()
    {
        Assembly[] assemblies = [typeof(GuiAgent).Assembly, typeof(HubClient).Assembly, typeof(Overlay).Assembly];
        var records = assemblies.SelectMany(a => a.GetExportedTypes()).Where(t => t.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null
            && HoldsList(t)).ToList();
        Assert.True(records.Count > 20, $"{records.Count} records");
        var silent = records.Where(t => Printer(t).IsDefined(typeof(CompilerGeneratedAttribute))).Select(t => t.FullName).ToList();
        Assert.True(silent.Count == 0, string.Join(", ", silent));
    }

    [Fact]
    public void Reports_are_readable()
    {
        Assert.Equal("81 of 409 tokens, 663552 of 3350528 bytes", new KvReport(409, [80, 82], 663_552, 3_350_528, 700_000).ToString());
        Assert.Equal("actions [click, wait], diagnostics []", new StarKV.Act.ParsedAnswer([new("click"), new("wait")], []).ToString());
        Assert.Equal("[0, 1, 2, 3, 4, 5, 6, 7, … 28 in all]", ListText.Of([.. Enumerable.Range(0, 28)]));
        Assert.Equal("[0.5, -1.25]", ListText.Of([0.5, -1.25]));
    }

    [Fact]
    public void Options_and_answers_are_readable()
    {
        Assert.StartsWith("snapkv, keep 20%, prompt of the model, past actions [wait()], at most 128 tokens", new GroundingOptions { Method = new SnapKv(), PastActions = ["wait()"] }.ToString(), StringComparison.Ordinal);
        Assert.Equal("user: [TextPart { Text = go, Instruction =  }]", ChatMessage.Of(ChatRole.User, "go").ToString(), ignoreCase: true);
    }

    private static MethodInfo Printer(Type type) => type.GetMethod(nameof(ToString), BindingFlags.Instance | BindingFlags.Public, [])!;

    private static bool HoldsList(Type type) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Any(p => p.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(p.PropertyType));
}
