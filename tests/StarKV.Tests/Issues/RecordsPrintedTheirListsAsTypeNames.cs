using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using StarKV.Report;

namespace StarKV.Tests.Issues;

/// <summary><c>Console.WriteLine(answer)</c> wrote <c>Tokens = System.Collections.Generic.List`1[System.Int32]</c>.</summary>
public sealed class RecordsPrintedTheirListsAsTypeNames
{
    [Fact]
    public void Every_public_record_with_a_list_says_itself_what_it_prints()
    {
        var records = typeof(GuiAgent).Assembly.GetExportedTypes().Where(t => t.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null && HoldsList(t)).ToList();
        Assert.True(records.Count > 20, $"{records.Count} records");
        Assert.Equal([], records.Where(t => Printer(t).IsDefined(typeof(CompilerGeneratedAttribute))).Select(t => t.FullName));
    }

    [Fact]
    public void Reports_are_readable()
    {
        Assert.Equal("81 of 409 tokens, 663552 of 3350528 bytes", new KvReport(409, [80, 82], 663_552, 3_350_528, 700_000).ToString());
        Assert.Equal("3 actions", new Act.ParsedAnswer([new("click"), new("click"), new("wait")], []).ToString()[..9]);
    }

    private static MethodInfo Printer(Type type) => type.GetMethod(nameof(ToString), BindingFlags.Instance | BindingFlags.Public, [])!;

    private static bool HoldsList(Type type) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Any(p => p.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(p.PropertyType));
}
