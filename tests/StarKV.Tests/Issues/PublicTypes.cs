using System.Collections;
using System.Reflection;
using System.Text;
using System.Xml.Linq;
using StarKV.Cache;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Select;

namespace StarKV.Tests.Issues;

/// <summary>Two public types were called ScreenBox, and nothing said which types may be used from several threads.</summary>
public sealed class PublicTypes
{
    private static readonly Type[] s_types = typeof(GuiAgent).Assembly.GetExportedTypes();

    [Fact]
    public void No_two_of_them_share_a_simple_name() =>
        Assert.Empty(s_types.Where(t => !t.IsNested).GroupBy(t => t.Name.Split('`')[0]).Where(g => g.Select(t => t.Namespace).Distinct().Count() > 1).Select(g => g.Key));

    [Fact]
    public void Those_with_state_say_whether_several_threads_may_use_them()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(GuiAgent).Assembly.Location, ".xml"));
        var texts = documentation.Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.Value);
        var silent = s_types.Where(HasState).Where(t => !Says(texts.GetValueOrDefault($"T:{t.FullName}", ""))).Select(t => t.FullName).Order();
        Assert.Equal("", string.Join("\n", silent));

        static bool Says(string text) => text.Contains("Thread-safe", StringComparison.Ordinal) || text.Contains("Not thread-safe", StringComparison.Ordinal);
    }

    [Fact]
    public void State_is_found_where_it_is()
    {
        Assert.All([typeof(GuiAgent), typeof(LayerMemory), typeof(KvLayer), typeof(InferenceThread)], t => Assert.True(HasState(t)));
        Assert.All([typeof(Full), typeof(GroundingOptions), typeof(Methods), typeof(StarKvException), typeof(KvBudget)], t => Assert.False(HasState(t)));
    }

    /// <summary>A class, neither static nor a record nor an error, that holds something to free, a collection that can be filled, or a field that can be set.</summary>
    private static bool HasState(Type type)
    {
        if (!type.IsClass || (type.IsAbstract && type.IsSealed) || type.GetMethod("<Clone>$") is not null || typeof(Exception).IsAssignableFrom(type) || typeof(Delegate).IsAssignableFrom(type))
            return false;
        return typeof(IDisposable).IsAssignableFrom(type)
            || type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(f => (!f.IsInitOnly && !IsParameter(f)) || Fills(f.FieldType));
    }

    // What a primary constructor was given cannot be told from what may be set; the compiler names it <name>P.
    private static bool IsParameter(FieldInfo field) => field.Name.EndsWith(">P", StringComparison.Ordinal);

    private static bool Fills(Type type) => type == typeof(StringBuilder)
        || (type.IsClass && !type.IsArray && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICollection<>)) && !typeof(string).IsAssignableFrom(type)
            && !type.Name.StartsWith("Frozen", StringComparison.Ordinal))
        || (type.IsClass && typeof(IList).IsAssignableFrom(type) && !type.IsArray);
}
