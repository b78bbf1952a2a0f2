import postgres from "postgres";

let client;

/** One durable INSERT of what came in, and nothing else. */
export async function POST(request) {
  client ??= postgres(process.env.DATABASE_URL, { max: 20 });
  const body = await request.json();
  const [row] = await client`insert into bench.bookings (body) values (${client.json(body)}) returning id`;
  return Response.json({ id: row.id }, { status: 201 });
}
