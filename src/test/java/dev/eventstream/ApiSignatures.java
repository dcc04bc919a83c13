package dev.eventstream;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What others see of a public type. */
final class ApiSignatures {
    private static final String BEANS = "dev.eventstream.config";

    private ApiSignatures() {}

    static boolean isShown(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /** The supertypes, and every type in the signature of a member that the promise covers. */
    static List<Type> shownBy(Class<?> type) {
        List<Type> types = new ArrayList<>(List.of(type.getGenericInterfaces()));
        if (type.getGenericSuperclass() != null) {
            types.add(type.getGenericSuperclass());
        }
        for (Executable member : executables(type)) {
            types.addAll(List.of(member.getGenericParameterTypes()));
            types.addAll(List.of(member.getGenericExceptionTypes()));
            if (member instanceof Method method) {
                types.add(method.getGenericReturnType());
            }
        }
        fields(type).forEach(field -> types.add(field.getGenericType()));
        return types;
    }

    static Stream<String> namesIn(Type type) {
        if (type instanceof Class<?> plain) {
            return Stream.of((plain.isArray() ? plain.getComponentType() : plain).getName());
        } else if (type instanceof ParameterizedType parameterized) {
            return Stream.concat(
                    namesIn(parameterized.getRawType()),
                    Arrays.stream(parameterized.getActualTypeArguments()).flatMap(ApiSignatures::namesIn));
        } else if (type instanceof GenericArrayType array) {
            return namesIn(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            return Stream.of(wildcard.getUpperBounds(), wildcard.getLowerBounds())
                    .flatMap(Arrays::stream)
                    .flatMap(ApiSignatures::namesIn);
        } else if (type instanceof TypeVariable<?> variable && variable.getGenericDeclaration() instanceof Class<?>) {
            return Arrays.stream(variable.getBounds()).flatMap(ApiSignatures::namesIn);
        }
        return Stream.empty();
    }

    static String describe(Class<?> type) {
        return Stream.concat(
                        Stream.of(header(type)),
                        Stream.concat(
                                        fields(type).stream().map(Field::toGenericString),
                                        executables(type).stream().map(Executable::toGenericString))
                                .map(line -> line.replace("synchronized ", "").replace(type.getTypeName() + '.', ""))
                                .sorted()
                                .map(line -> "    " + line))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String header(Class<?> type) {
        String sealed = type.isSealed() && !type.isEnum() ? "sealed " : "";
        String supertypes = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(Type::getTypeName)
                .filter(name -> !name.equals("java.lang.Object"))
                .collect(Collectors.joining(", "));
        return sealed + type.toGenericString() + (supertypes.isEmpty() ? "" : " : " + supertypes);
    }

    /** For a YAML bean, the promise covers the getters and setters of its keys, but not the methods that build our objects. */
    private static List<Executable> executables(Class<?> type) {
        List<Executable> members = new ArrayList<>();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            members.add(constructor);
        }
        for (Method method : type.getDeclaredMethods()) {
            if (!method.getName().matches("equals|hashCode|toString")
                    && (!type.getPackageName().equals(BEANS) || method.getName().matches("(get|set|is)[A-Z]\\w*"))) {
                members.add(method);
            }
        }
        members.removeIf(member -> !isShown(member.getModifiers()) || member.isSynthetic());
        return members;
    }

    private static List<Field> fields(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> isShown(field.getModifiers()) && !field.isSynthetic())
                .toList();
    }
}
