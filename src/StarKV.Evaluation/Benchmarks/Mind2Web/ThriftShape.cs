namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>The types of a structure's fields, as its definition has them. Immutable.</summary>
/// <param name="fields">The type of field 1, 2, and so on; null for a number that the definition leaves out.</param>
internal sealed class ThriftShape(params ThriftShape.Field?[] fields)
{
    /// <summary>Types that take other bytes than one another; whole numbers of 2, 4 and 8 bytes are written alike.</summary>
    public enum Type
    {
        Truth,
        Byte,
        Number,
        Real,
        Bytes,
        List,
        Struct,
    }

    public static Field Truth { get; } = new(Type.Truth);

    public static Field Octet { get; } = new(Type.Byte);

    public static Field Number { get; } = new(Type.Number);

    public static Field Real { get; } = new(Type.Real);

    public static Field Bytes { get; } = new(Type.Bytes);

    /// <summary>A structure without fields, as most choices of a union are.</summary>
    public static Field Nothing { get; } = Struct();

    /// <summary>A list.</summary>
    public static Field List(Field items) => new(Type.List, Items: items);

    /// <summary>A structure within the structure.</summary>
    public static Field Struct(params Field?[] fields) => new(Type.Struct, new ThriftShape(fields));

    /// <summary>The type of a field; null when the definition does not have it.</summary>
    public Field? this[int field] => field >= 1 && field <= fields.Length ? fields[field - 1] : null;

    /// <summary>A field's type.</summary>
    /// <param name="Type">What it is.</param>
    /// <param name="Shape">A structure's own fields.</param>
    /// <param name="Items">The type of a list's items.</param>
    public sealed record Field(Type Type, ThriftShape? Shape = null, Field? Items = null);
}
