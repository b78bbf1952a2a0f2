import { describe, expect, test } from "vitest";
import { roles, type Role } from "./inputs";
import { grantableRoles, mayChangeRole, mayGrantRole, mayManageMembers, mayManageOrganization, mayRemoveMember } from "./policy";

const as = (role: Role, id = `mbr_${role}`) => ({ id, role });

describe("who may manage people", () => {
  test.each([
    ["owner", true],
    ["admin", true],
    ["member", false],
  ] as const)("%s: %s", (role, may) => {
    expect(mayManageMembers(as(role))).toBe(may);
    expect(mayManageOrganization(as(role))).toBe(may);
  });

  test("nobody grants a role above their own, and a member grants none", () => {
    const granted = roles.map((actor) => [actor, roles.filter((role) => mayGrantRole(as(actor), role))]);
    expect(granted).toEqual([
      ["owner", ["owner", "admin", "member"]],
      ["admin", ["admin", "member"]],
      ["member", []],
    ]);
  });

  test("an admin changes nothing about an owner", () => {
    expect(grantableRoles(as("admin"), as("owner"), roles)).toEqual([]);
    expect(mayRemoveMember(as("admin"), as("owner"))).toBe(false);
  });

  test("an admin cannot make anybody an owner, themselves included", () => {
    const admin = as("admin");
    expect(mayChangeRole(admin, admin, "owner")).toBe(false);
    expect(mayChangeRole(admin, as("member"), "owner")).toBe(false);
    expect(mayChangeRole(as("owner"), as("member"), "owner")).toBe(true);
  });

  test("a member may leave and remove nobody else", () => {
    const me = as("member", "mbr_me");
    expect(mayRemoveMember(me, me)).toBe(true);
    expect(mayRemoveMember(me, as("member", "mbr_other"))).toBe(false);
  });
});
