using System.Data.Common;

namespace Pds.Infrastructure.Persistence;

/// <summary>Commands that are prepared once on a connection and run many times. Their parameters are <c>$0</c>, <c>$1</c> and so on.</summary>
internal static class PreparedCommands
{
    /// <summary>Makes a command; SQLite compiles it when it first runs.</summary>
    public static DbCommand Prepare(this DbConnection connection, string sql, int parameters = 0)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < parameters; i++)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = $"${i}";
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Runs a query. The rows are to be disposed of before the command runs again.</summary>
    public static DbDataReader Read(this DbCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        return command.ExecuteReader();
    }

    /// <summary>Changes something.</summary>
    /// <returns>The number of rows changed.</returns>
    public static int Execute(this DbCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        return command.ExecuteNonQuery();
    }

    private static void Bind(DbCommand command, ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }
}
