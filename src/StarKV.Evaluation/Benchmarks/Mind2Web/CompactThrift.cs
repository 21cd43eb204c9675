namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>
/// Walks a structure in Thrift's compact form without building it: every field's
/// type is compared with its definition, which readers take for granted,
/// every length with the bytes that are left, every list with what its items take at least.
/// </summary>
/// <remarks>Source: thrift-compact-protocol of Apache Thrift.</remarks>
/// <param name="bytes">The structure begins with the first of them and may end before the last.</param>
internal ref struct CompactThrift(ReadOnlySpan<byte> bytes)
{
    /// <summary>Fields and items that a structure may have, all levels together: each becomes an object when it is read.</summary>
    private const int MaxItems = 500_000;

    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private Dictionary<(int Outer, int Field), long>? _numbers;
    private int _at, _items, _depth;

    private enum Kind
    {
        Stop,
        True,
        False,
        Byte,
        Short,
        Int,
        Long,
        Double,
        Binary,
        List,
        Set,
        Map,
        Struct,
    }

    /// <summary>Walks it.</summary>
    /// <param name="bytes">The structure's bytes, and what comes after them.</param>
    /// <param name="shape">Its definition; fields that are not in it are passed over.</param>
    /// <returns>
    /// The bytes that it takes; the whole numbers in it by their field, and those of the structures in it by both fields.
    /// </returns>
    /// <exception cref="InvalidDataException">It is no such structure, or does not end within the bytes.</exception>
    public static (int Length, IReadOnlyDictionary<(int Outer, int Field), long> Numbers) Walk(ReadOnlySpan<byte> bytes, ThriftShape shape)
    {
        var walk = new CompactThrift(bytes) { _numbers = [] };
        walk.Struct(outer: 0, shape);
        return (walk._at, walk._numbers);
    }

    /// <summary>The error of a file that is damaged, its numbers in the invariant culture.</summary>
    public static InvalidDataException Bad(InvariantText what) => new(what.ToString());

    private void Struct(int outer, ThriftShape? shape)
    {
        if (++_depth > MaxDepth)
            throw Bad($"its structures lie more than {MaxDepth} deep.");
        for (var field = 0; ;)
        {
            var head = Next();
            var kind = (Kind)(head & 15);
            if (kind is Kind.Stop)
                break;
            field = head >> 4 is var step and > 0 ? field + step : (int)ZigZag();
            Value(kind, outer, field, shape?[field]);
        }

        _depth--;
    }

    private void Value(Kind kind, int outer, int field, ThriftShape.Field? defined)
    {
        if (++_items > MaxItems)
            throw Bad($"a structure has more than {MaxItems:N0} fields and items.");
        if (defined is not null && defined.Type != TypeOf(kind))
            throw Bad($"a field has the type {kind} where the format has {defined.Type}.");
        switch (kind)
        {
            case Kind.True or Kind.False:
                break;
            case Kind.Byte:
                Skip(1);
                break;
            case Kind.Short or Kind.Int or Kind.Long:
                var number = ZigZag();
                // No caller asks about structures nested deeper.
                if (_depth <= 2 && defined is not null)
                    _numbers?[(outer, field)] = number;
                break;
            case Kind.Double:
                Skip(8);
                break;
            case Kind.Binary:
                Skip(Count());
                break;
            case Kind.List:
                List(defined?.Items);
                break;
            case Kind.Struct:
                Struct(field, defined?.Shape);
                break;
            default:
                // Sets, maps and what is newer: no definition of the format has them, and readers differ in how they pass over them.
                throw Bad($"a field has the type {(int)kind}, which the format does not use.");
        }
    }

    private void List(ThriftShape.Field? defined)
    {
        var head = Next();
        var count = head >> 4 is var few and < 15 ? few : Count();
        var kind = (Kind)(head & 15);
        if (count > _bytes.Length - _at)
            throw Bad($"a list announces {count:N0} items where {_bytes.Length - _at:N0} bytes are left.");
        if (kind is Kind.True or Kind.False)
            throw Bad($"a list is one of truth values, which the format does not use.");
        _depth++;
        for (var i = 0; i < count; i++)
            Value(kind, -1, -1, defined);
        _depth--;
    }

    private static ThriftShape.Type? TypeOf(Kind kind) => kind switch
    {
        Kind.True or Kind.False => ThriftShape.Type.Truth,
        Kind.Byte => ThriftShape.Type.Byte,
        Kind.Short or Kind.Int or Kind.Long => ThriftShape.Type.Number,
        Kind.Double => ThriftShape.Type.Real,
        Kind.Binary => ThriftShape.Type.Bytes,
        Kind.List => ThriftShape.Type.List,
        Kind.Struct => ThriftShape.Type.Struct,
        _ => null,
    };

    private byte Next() =>
        _at < _bytes.Length ? _bytes[_at++] : throw new InvalidDataException("a structure does not end within its bytes.");

    private void Skip(int count)
    {
        if (count > _bytes.Length - _at)
            throw Bad($"a value announces {count:N0} bytes where {_bytes.Length - _at:N0} are left.");
        _at += count;
    }

    private int Count()
    {
        var count = Varint();
        return count <= int.MaxValue ? (int)count : throw Bad($"a length of {count:N0} is announced.");
    }

    private long ZigZag()
    {
        var number = Varint();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    private ulong Varint()
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Next();
            number |= (ulong)(next & 127) << shift;
            if (next < 128)
                return number;
        }

        throw new InvalidDataException("a number does not end.");
    }
}
