import { describe, expect, it } from "vitest";
import { pickedGuest, readPeople, withPeople, type Colleague } from "./people";

const ada: Colleague = { id: "mbr_1", name: "Ada Sinclair", email: "ada@maru.example", timeZone: "Europe/Paris" };

describe("pasted people", () => {
  it("takes addresses however they are separated, with and without names", () => {
    const { people, rest } = readPeople('Sam Oh <Sam@Hanbit.example>, bo@x.example;\n"Lee, unquoted" zoe@x.example', [ada]);
    expect(people.map(({ value, name }) => [value, name])).toEqual([
      ["sam@hanbit.example", "Sam Oh"],
      ["bo@x.example", "bo@x.example"],
    ]);
    expect(rest).toBe('"Lee, unquoted" zoe@x.example');
  });

  it("recognizes a member by address or full name, whatever the case", () => {
    expect(readPeople("ADA@maru.example", [ada]).people[0]?.value).toBe("mbr_1");
    expect(readPeople("ada sinclair", [ada]).people[0]?.value).toBe("mbr_1");
  });

  it("keeps what is no address for the person to correct", () => {
    expect(readPeople("nobody, bo@x.example", [])).toMatchObject({ rest: "nobody", people: [{ value: "bo@x.example" }] });
  });

  it("never lists somebody twice", () => {
    expect(withPeople([pickedGuest("a@x.example")], [pickedGuest("A@x.example"), pickedGuest("b@x.example")])).toHaveLength(2);
  });
});
