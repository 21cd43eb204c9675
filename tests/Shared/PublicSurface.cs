using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace StarKV.Tests;

/// <summary>Rules for the public types of an assembly.</summary>
internal static class PublicSurface
{
    /// <summary>Simple names that types of several namespaces share.</summary>
    public static IEnumerable<string> Twins(Assembly assembly) => assembly.GetExportedTypes().Where(t => !t.IsNested)
        .GroupBy(t => t.Name.Split('`')[0]).Where(g => g.Select(t => t.Namespace).Distinct().Count() > 1).Select(g => g.Key);

    /// <summary>Types with state whose documentation does not say "Thread-safe" or "Not thread-safe".</summary>
    public static IEnumerable<string> SilentAboutThreads(Assembly assembly)
    {
        var documentation = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
        var texts = documentation.Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.Value);
        return assembly.GetExportedTypes().Where(HasState).Select(t => t.FullName!).Where(name => !texts.GetValueOrDefault($"T:{name}", "").Contains("hread-safe", StringComparison.Ordinal)).Order();
    }

    /// <summary>True for a class, neither static nor a record nor an error, that holds something to free, a collection that can be filled, or a field that can be set.</summary>
    public static bool HasState(Type type)
    {
        if (!type.IsClass || (type.IsAbstract && type.IsSealed) || type.GetMethod("<Clone>$") is not null || typeof(Exception).IsAssignableFrom(type) || typeof(Delegate).IsAssignableFrom(type))
            return false;
        return typeof(IDisposable).IsAssignableFrom(type)
            || type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(f => (!f.IsInitOnly && !IsParameter(f)) || Fills(f.FieldType));
    }

    // What a primary constructor was given cannot be told from what may be set; the compiler names it <name>P.
    private static bool IsParameter(FieldInfo field) => field.Name.EndsWith(">P", StringComparison.Ordinal);

    private static bool Fills(Type type) => type == typeof(StringBuilder)
        || (type.IsGenericType && type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(List<>) || generic == typeof(Dictionary<,>) || generic == typeof(HashSet<>) || generic == typeof(Queue<>) || generic == typeof(LinkedList<>)));
}
