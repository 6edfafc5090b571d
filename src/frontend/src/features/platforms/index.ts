export const PlatformsPage = () => null;
