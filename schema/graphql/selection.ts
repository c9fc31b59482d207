/** Whether a client asked for a field, so that rows nobody sees are not read. */
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";

/** True when the field is selected directly beneath the field being resolved, be it in a fragment. */
export function selects(info: GraphQLResolveInfo, name: string): boolean {
  return info.fieldNodes.some((node) => contains(node.selectionSet, name, info));
}

function contains(set: SelectionSetNode | undefined, name: string, info: GraphQLResolveInfo): boolean {
  return set?.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === name;
    if (selection.kind === Kind.INLINE_FRAGMENT) return contains(selection.selectionSet, name, info);
    return contains(info.fragments[selection.name.value]?.selectionSet, name, info);
  }) ?? false;
}
