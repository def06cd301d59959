/** When the account goes whose deletion was asked for in this tab, as ISO 8601 has it. */
export const farewell: { deletedAt: string | undefined } = { deletedAt: undefined }
